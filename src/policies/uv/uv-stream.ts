/**
 * One TCP connection of the addon. Bytes come in through records (`onData`, `onEnd`), which the
 * addon delivers together, and go out through `native.write`, which most often sends them at once.
 * Meaning and errors are those of `HostStream` in `../host/stream.ts`: a job cannot tell the two apart.
 */
import { StreamStateError } from '../../loop/errors.js';
import { Future } from '../../loop/future.js';
import type { Address } from '../../loop/io.js';
import { BufferedStream, writeAfterEnd } from '../io/buffered-stream.js';
import { checkBytes } from '../io/check-bytes.js';
import { TRANSFERRED } from '../io/read-into-future.js';
import type { NativeLoop } from './binding.js';
import { socketError } from './uv-error.js';
import type { UvIo } from './uv-io.js';

/** Bytes that are queued for a peer before whoever writes has to wait. */
export const WRITE_AHEAD = 64 * 1024;

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
  /** Where the addon puts the bytes of `readInto`; null while it puts them into its slabs. */
  private target: Uint8Array | null = null;
  /** The same of a read that was cancelled after its bytes had come, and before OP_FILLED was seen. */
  private late: Uint8Array | null = null;

  constructor(io: UvIo, id: number) {
    super(io.scheduler);
    this.io = io;
    this.native = io.native;
    this.id = id;
    const [host, port] = io.native.remoteAddress(id);
    this.remote = { host, port };
  }

  write(data: Uint8Array): Future<void> {
    checkBytes(data);
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

  flush(): Future<void> {
    if (this.failure !== null) return this.failedWrite(this.failure);
    if (this.closing) return this.failedWrite(writeAfterEnd());
    return this.sending.length === 0 ? this.io.done : this.waitToWrite();
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

  protected override awaitInto(target: Uint8Array): void {
    const known = this.target === target;
    this.target = target;
    this.native.readInto(this.id, known ? undefined : target);
  }

  protected override awaitBytes(): void {
    if (this.target === null) return;
    this.target = null;
    this.native.readAhead(this.id);
  }

  override abandoned(): void {
    if (!this.closing && !this.native.disarm(this.id)) this.late = this.target;
  }

  /** @internal bytes have come into the memory of `readInto` */
  onFilled(length: number): void {
    const { late, target } = this;
    if (late !== null) {
      this.late = null;
      if (length === 0) return; // transferred, and nothing was read
      if (!this.closing) this.native.disarm(this.id); // of a read that came meanwhile: it gets these
      this.onData(Buffer.from(late.subarray(0, length)));
    } else if (target !== null) {
      if (length > 0) this.filled(target, length);
      else this.failRead(new StreamStateError(TRANSFERRED));
    }
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
