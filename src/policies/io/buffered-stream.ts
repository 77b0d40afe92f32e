/**
 * What a TCP stream does on whatever it is built: `host/stream.ts`, `uv/uv-stream.ts`.
 *
 *   received ─▶ the read that waits, or else the buffer ─▶ read      paused while the buffer is full
 *   write ─▶ (more is queued than the peer takes) ─▶ waits ─▶ settleWriters
 */
import { StreamStateError } from '../../loop/errors.js';
import { Future } from '../../loop/future.js';
import type { Address, Stream } from '../../loop/io.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { ReadFuture } from './read-future.js';

/** Bytes a stream holds for its reader before it stops reading from the socket. */
const READ_AHEAD = 256 * 1024;

export abstract class BufferedStream implements Stream {
  abstract readonly remote: Required<Address>;
  protected readonly scheduler: Scheduler;
  /** No more bytes will come. */
  protected ended = false;
  protected failure: Error | null = null;
  private readonly chunks: Uint8Array[] = [];
  private held = 0;
  private paused = false;
  private reader: ReadFuture | null = null;
  /** Writes that wait until the socket can take more: a future each, since each may be cancelled. */
  private writers: Future<void>[] = [];

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  abstract write(data: Uint8Array): Future<void>;
  abstract end(): Future<void>;
  abstract close(): void;
  /** Whether the socket is to be read from. */
  protected abstract setReading(on: boolean): void;

  read(): Future<Uint8Array | null> {
    if (this.reader !== null && !this.reader.done) {
      throw new StreamStateError(
        'read() was called while another read of this stream is pending: wait for the first one',
      );
    }
    const future = new ReadFuture(this.scheduler, this.unread);
    const chunk = this.chunks.shift();
    if (chunk !== undefined) {
      this.held -= chunk.byteLength;
      if (this.paused && this.held < READ_AHEAD) {
        this.paused = false;
        this.setReading(true);
      }
      future.setResult(chunk);
    } else if (this.failure !== null) {
      future.setError(this.failure);
    } else if (this.ended) {
      future.setResult(null);
    } else {
      this.reader = future;
    }
    return future;
  }

  /** @internal bytes have come */
  onData(chunk: Uint8Array): void {
    const { reader } = this;
    this.reader = null;
    if (reader !== null && !reader.done) {
      reader.setResult(chunk);
      return;
    }
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
    else reader.offer(null);
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

  private readonly unread = (chunk: Uint8Array): void => {
    this.chunks.unshift(chunk);
    this.held += chunk.byteLength;
  };
}

export function writeAfterEnd(): StreamStateError {
  return new StreamStateError('write() was called on a stream that has been ended or closed');
}
