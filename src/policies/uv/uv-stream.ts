/**
 * One TCP connection of the addon. Bytes come in through records (`onData`, `onEnd`), which the
 * addon delivers together, and go out through `native.write`, which most often sends them at once.
 * Meaning and errors are those of `HostStream` in `../host-io.ts`: a job cannot tell the two apart.
 */
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import { Future } from '../../loop/future.js';
import type { Address, Stream } from '../../loop/io.js';
import { readTwice, writeAfterEnd } from '../host-io.js';
import { ReadFuture } from '../read-future.js';
import type { NativeLoop } from './binding.js';
import { socketError } from './uv-error.js';
import type { UvIo } from './uv-io.js';

/** Bytes a stream holds for its reader before it stops reading from the socket. */
const READ_AHEAD = 256 * 1024;

/** Bytes a stream queues for its peer before its writer has to wait. */
const WRITE_AHEAD = 64 * 1024;

export class UvStream implements Stream {
  /** @internal */
  readonly id: number;
  readonly remote: Required<Address>;
  private readonly io: UvIo;
  private readonly native: NativeLoop;
  private readonly chunks: Uint8Array[] = [];
  private held = 0;
  private paused = false;
  private reader: Future<Uint8Array | null> | null = null;
  /** What the addon has queued; it reads this memory until OP_WRITTEN. */
  private readonly sending: Uint8Array[] = [];
  /** Who waits until all is sent, and until our end is: a future each, since each may be cancelled. */
  private writers: Future<void>[] = [];
  private enders: Future<void>[] = [];
  /** No more bytes will come. */
  private ended = false;
  /** `end` was called. */
  private ending = false;
  private shut = false;
  private closing = false;
  private failure: Error | null = null;

  constructor(io: UvIo, id: number) {
    this.io = io;
    this.native = io.native;
    this.id = id;
    const [host, port] = io.native.remoteAddress(id);
    this.remote = { host, port };
  }

  read(): Future<Uint8Array | null> {
    if (this.reader !== null && !this.reader.done) throw readTwice();
    const future = new ReadFuture(this.io.scheduler, this.unread);
    const chunk = this.chunks.shift();
    if (chunk !== undefined) {
      this.held -= chunk.byteLength;
      if (this.paused && this.held < READ_AHEAD) this.setReading(true);
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

  private readonly unread = (chunk: Uint8Array): void => {
    this.chunks.unshift(chunk);
    this.held += chunk.byteLength;
  };

  write(data: Uint8Array): Future<void> {
    if (!(data instanceof Uint8Array)) {
      throw new InvalidArgumentError(
        `write() takes a Uint8Array, but got ${quote(data)}: encode text with Buffer.from(text)`,
      );
    }
    if (this.failure !== null) return this.failed(this.failure);
    if (this.ending || this.closing) return this.failed(writeAfterEnd());
    const queued = this.native.write(this.id, data);
    if (queued === 0) return this.io.done;
    if (queued < 0) {
      this.fail(socketError(queued, 'write'));
      return this.failed(this.failure);
    }
    this.sending.push(data);
    if (queued < WRITE_AHEAD) return this.io.done;
    const future = new Future<void>(this.io.scheduler);
    this.writers.push(future);
    return future;
  }

  end(): Future<void> {
    if (this.shut || this.closing) return this.io.done;
    const future = new Future<void>(this.io.scheduler);
    this.enders.push(future);
    if (!this.ending) {
      this.ending = true;
      if (this.native.shutDown(this.id) < 0) this.onShutDown(); // the connection is gone already
    }
    return future;
  }

  close(): void {
    this.endReading();
    if (this.closing) return;
    this.closing = true;
    this.native.closeHandle(this.id);
  }

  /** @internal */
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
    if (!this.paused && this.held >= READ_AHEAD) this.setReading(false);
  }

  /** @internal no more bytes will come */
  onEnd(errno: number): void {
    if (errno !== 0) {
      this.fail(socketError(errno, 'read'));
      return;
    }
    this.endReading();
    if (this.shut) this.close();
  }

  /** @internal the oldest queued write is done */
  onWritten(errno: number): void {
    this.sending.shift();
    if (errno !== 0) this.fail(socketError(errno, 'write'));
    else if (this.sending.length === 0) this.settleWriters(null);
  }

  /** @internal our end has been sent */
  onShutDown(): void {
    this.shut = true;
    this.settleEnders();
    if (this.ended) this.close();
  }

  /** @internal */
  onClosed(): void {
    this.endReading();
    this.sending.length = 0;
    this.settleWriters(this.failure ?? writeAfterEnd());
    this.settleEnders();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.close();
  }

  private failed(error: Error | null): Future<void> {
    const future = new Future<void>(this.io.scheduler);
    future.setError(error);
    return future;
  }

  private endReading(): void {
    this.ended = true;
    const { reader } = this;
    this.reader = null;
    if (reader === null) return;
    if (this.failure !== null) reader.offerError(this.failure);
    else reader.offer(null);
  }

  private settleWriters(error: Error | null): void {
    const { writers } = this;
    this.writers = [];
    for (const writer of writers) {
      if (error === null) writer.offer();
      else writer.offerError(error);
    }
  }

  private settleEnders(): void {
    const { enders } = this;
    this.enders = [];
    for (const ender of enders) ender.offer();
  }

  private setReading(on: boolean): void {
    this.paused = !on;
    if (!this.closing && !this.ended) this.native.setReading(this.id, on);
  }
}
