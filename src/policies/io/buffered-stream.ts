/**
 * What a TCP stream does on whatever it is built: `host/stream.ts`, `uv/uv-stream.ts`.
 *
 *   received ─▶ the read that waits, or else the buffer ─▶ read      paused while the buffer is full
 *               (what waits in memory of the caller's is filled there, or copied there)
 *   write ─▶ (more is queued than the peer takes) ─▶ waits ─▶ settleWriters
 */
import { StreamStateError } from '../../loop/errors.js';
import { Future } from '../../loop/future.js';
import type { Address, Stream } from '../../loop/io.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { checkTarget } from './check-target.js';
import { ReadFuture } from './read-future.js';
import { ReadIntoFuture, type ReadIntoOwner } from './read-into-future.js';

/** Bytes a stream holds for its reader before it stops reading from the socket. */
const READ_AHEAD = 256 * 1024;

export abstract class BufferedStream implements Stream, ReadIntoOwner {
  abstract readonly remote: Required<Address>;
  protected readonly scheduler: Scheduler;
  /** No more bytes will come. */
  protected ended = false;
  protected failure: Error | null = null;
  private readonly chunks: Uint8Array[] = [];
  private held = 0;
  private paused = false;
  private reader: ReadFuture | ReadIntoFuture | null = null;
  /** Flushes, and writes that wait until the socket can take more: a future each, since each may be cancelled. */
  private writers: Future<void>[] = [];

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  abstract write(data: Uint8Array): Future<void>;
  abstract flush(): Future<void>;
  abstract end(): Future<void>;
  abstract close(): void;
  /** Whether the socket is to be read from. */
  protected abstract setReading(on: boolean): void;

  /** The next bytes are for this memory: a stream that can has them put there. */
  protected awaitInto(_target: Uint8Array): void {}
  /** The next bytes are for a `read`, which may come later. */
  protected awaitBytes(): void {}
  /** @internal */
  abandoned(): void {}

  read(): Future<Uint8Array | null> {
    this.requireNoReader('read');
    const future = new ReadFuture(this.scheduler, this.unread);
    if (this.serve(future)) this.awaitBytes();
    return future;
  }

  readInto(buffer: Uint8Array): Future<number> {
    checkTarget(buffer);
    this.requireNoReader('readInto');
    const future = new ReadIntoFuture(this.scheduler, buffer, this);
    if (this.serve(future)) this.awaitInto(buffer);
    return future;
  }

  /** From what is there; true where it has to wait. */
  private serve(future: ReadFuture | ReadIntoFuture): boolean {
    const chunk = this.chunks.shift();
    if (chunk !== undefined) {
      const rest = future.take(chunk);
      if (rest !== null) this.chunks.unshift(rest);
      this.held -= chunk.byteLength - (rest?.byteLength ?? 0);
      if (this.paused && this.held < READ_AHEAD) {
        this.paused = false;
        this.setReading(true);
      }
    } else if (this.failure !== null) {
      future.setError(this.failure);
    } else if (this.ended) {
      future.takeEnd();
    } else {
      this.reader = future;
      return true;
    }
    return false;
  }

  private requireNoReader(verb: string): void {
    if (this.reader === null || this.reader.done) return;
    throw new StreamStateError(
      `${verb}() was called while another read of this stream is pending: wait for the first one`,
    );
  }

  /** @internal bytes have come */
  onData(chunk: Uint8Array): void {
    const { reader } = this;
    this.reader = null;
    const rest = reader === null || reader.done ? chunk : reader.take(chunk);
    if (rest !== null) this.hold(rest);
  }

  /** So many bytes have come, and lie in the memory of the read that waited for them. */
  protected filled(target: Uint8Array, length: number): void {
    const { reader } = this;
    this.reader = null;
    if (reader instanceof ReadIntoFuture && !reader.done) reader.setResult(length);
    else this.hold(Buffer.from(target.subarray(0, length))); // cancelled meanwhile
  }

  /** The read that waits cannot be served; the stream goes on. */
  protected failRead(error: Error): void {
    const { reader } = this;
    this.reader = null;
    reader?.offerError(error);
  }

  private hold(chunk: Uint8Array): void {
    if (this.ended) return; // closed by us in the meantime
    this.chunks.push(chunk);
    this.held += chunk.byteLength;
    if (!this.paused && this.held >= READ_AHEAD) {
      this.paused = true;
      this.setReading(false);
    }
  }

  protected endReading(): void {
    this.ended = true;
    const { reader } = this;
    this.reader = null;
    if (reader === null) return;
    if (this.failure !== null) reader.offerError(this.failure);
    else reader.takeEnd();
  }

  /** A write that is done when more can be taken. */
  protected waitToWrite(): Future<void> {
    const future = new Future<void>(this.scheduler);
    this.writers.push(future);
    return future;
  }

  /** A write that fails at once. */
  protected failedWrite(error: Error): Future<void> {
    const future = new Future<void>(this.scheduler);
    future.setError(error);
    return future;
  }

  protected settleWriters(error: Error | null): void {
    const { writers } = this;
    this.writers = [];
    for (const writer of writers) {
      if (error === null) writer.offer();
      // Closed by us, and not by the peer: that is nothing to report.
      else if (error instanceof StreamStateError) writer.ignore().offerError(error);
      else writer.offerError(error);
    }
  }

  /** @internal bytes that were read, and that nobody takes */
  readonly unread = (chunk: Uint8Array): void => {
    this.chunks.unshift(chunk);
    this.held += chunk.byteLength;
  };
}

export function writeAfterEnd(): StreamStateError {
  return new StreamStateError('write() was called on a stream that has been ended or closed');
}
