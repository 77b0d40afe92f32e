/**
 * One TCP connection of the addon. Bytes come in through records (`onData`, `onEnd`), which the
 * addon delivers together, and go out through `native.write`, which most often sends them at once.
 * Meaning and errors are those of `HostStream` in `../host/stream.ts`: a job cannot tell the two apart.
 */
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import { Future } from '../../loop/future.js';
import type { Address } from '../../loop/io.js';
import { BufferedStream, writeAfterEnd } from '../io/buffered-stream.js';
import type { NativeLoop } from './binding.js';
import { socketError } from './uv-error.js';
import type { UvIo } from './uv-io.js';

/** Bytes a stream queues for its peer before its writer has to wait. */
const WRITE_AHEAD = 64 * 1024;

export class UvStream extends BufferedStream {
  /** @internal */
  readonly id: number;
  readonly remote: Required<Address>;
  private readonly io: UvIo;
  private readonly native: NativeLoop;
  /** What the addon has queued; it reads this memory until OP_WRITTEN. */
  private readonly sending: Uint8Array[] = [];
  /** Who waits until our end is sent: a future each, since each may be cancelled. */
  private enders: Future<void>[] = [];
  /** `end` was called. */
  private ending = false;
  private shut = false;
  private closing = false;

  constructor(io: UvIo, id: number) {
    super(io.scheduler);
    this.io = io;
    this.native = io.native;
    this.id = id;
    const [host, port] = io.native.remoteAddress(id);
    this.remote = { host, port };
  }

  write(data: Uint8Array): Future<void> {
    if (!(data instanceof Uint8Array)) {
      throw new InvalidArgumentError(
        `write() takes a Uint8Array, but got ${quote(data)}: encode text with Buffer.from(text)`,
      );
    }
    if (this.failure !== null) return this.failedWrite(this.failure);
    if (this.ending || this.closing) return this.failedWrite(writeAfterEnd());
    const queued = this.native.write(this.id, data);
    if (queued === 0) return this.io.done;
    if (queued < 0) {
      const error = socketError(queued, 'write');
      this.fail(error);
      return this.failedWrite(error);
    }
    this.sending.push(data);
    if (queued < WRITE_AHEAD) return this.io.done;
    return this.waitToWrite();
  }

  end(): Future<void> {
    if (this.shut || this.closing) return this.io.done;
    const future = new Future<void>(this.scheduler);
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

  private settleEnders(): void {
    const { enders } = this;
    this.enders = [];
    for (const ender of enders) ender.offer();
  }

  protected setReading(on: boolean): void {
    if (!this.closing && !this.ended) this.native.setReading(this.id, on);
  }
}
