/**
 * One TCP connection of the addon with a protocol: bytes are looked at where the kernel put them, in the addon's hot
 * buffer, and nothing is allocated for them but the view.
 */
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import type { Address } from '../../loop/io.js';
import type { Protocol, Transport } from '../../loop/protocol.js';
import { writeAfterEnd } from '../io/buffered-stream.js';
import { protocolFailed } from '../io/call-protocol.js';
import type { NativeLoop } from './binding.js';
import { socketError } from './uv-error.js';
import type { UvIo } from './uv-io.js';

/** Bytes that are queued for the peer before the protocol is told to pause. */
const WRITE_AHEAD = 64 * 1024;

export class UvTransport implements Transport {
  readonly remote: Required<Address>;
  private readonly id: number;
  private readonly io: UvIo;
  private readonly native: NativeLoop;
  private readonly protocol: Protocol;
  private failure: Error | null = null;
  /** Writes that the addon has queued. */
  private queued = 0;
  private paused = false;
  private ending = false;
  private shut = false;
  private ended = false;
  private closing = false;
  /** Bytes, copied, and the peer's end, that came with others after `pauseReading`; null while it reads. */
  private held: { readonly chunks: Uint8Array[]; ended: boolean } | null = null;

  constructor(io: UvIo, id: number, protocol: Protocol) {
    this.io = io;
    this.native = io.native;
    this.id = id;
    this.protocol = protocol;
    const [host, port] = io.native.remoteAddress(id);
    this.remote = { host, port };
  }

  write(bytes: Uint8Array): void {
    if (!(bytes instanceof Uint8Array)) {
      throw new InvalidArgumentError(
        `write() takes a Uint8Array, but got ${quote(bytes)}: encode text with Buffer.from(text)`,
      );
    }
    if (this.failure !== null) return; // connectionLost tells it
    if (this.ending || this.closing) throw writeAfterEnd();
    const queued = this.native.send(this.id, bytes);
    if (queued === 0) return;
    if (queued < 0) return this.fail(socketError(queued, 'write'));
    this.queued++;
    if (this.paused || queued < WRITE_AHEAD) return;
    this.paused = true;
    this.call(() => this.protocol.pauseWriting?.());
  }

  end(): void {
    if (this.ending || this.closing) return;
    this.ending = true;
    if (this.native.shutDown(this.id) < 0) this.onShutDown(); // the connection is gone already
  }

  close(): void {
    if (this.closing) return;
    this.closing = true;
    this.native.closeHandle(this.id);
  }

  pauseReading(): void {
    if (this.held !== null || this.ended || this.closing) return;
    this.held = { chunks: [], ended: false };
    this.native.setReading(this.id, false);
  }

  resumeReading(): void {
    const { held } = this;
    if (held === null || this.closing) return;
    // In a turn of its own: never from within a call of the transport.
    if (held.chunks.length > 0 || held.ended) {
      const { scheduler } = this.io;
      scheduler.soon(scheduler.handle(() => this.release()));
      return;
    }
    this.held = null;
    this.native.setReading(this.id, true);
  }

  /** @internal */
  made(): this {
    this.call(() => this.protocol.connectionMade?.(this));
    return this;
  }

  /** @internal in the hot buffer */
  onData(bytes: Uint8Array): void {
    if (this.closing) return;
    if (this.held !== null) {
      this.held.chunks.push(Buffer.from(bytes));
      return;
    }
    try {
      this.protocol.dataReceived(bytes);
    } catch (error) {
      protocolFailed(this.io.scheduler, this, error);
    }
  }

  /** @internal */
  onEnd(errno: number): void {
    if (errno !== 0) return this.fail(socketError(errno, 'read'));
    if (this.held === null) this.peerEnded();
    else this.held.ended = true;
  }

  /** @internal the oldest queued write is done */
  onWritten(errno: number): void {
    this.queued--;
    if (errno !== 0) return this.fail(socketError(errno, 'write'));
    if (this.queued > 0 || !this.paused || this.closing) return;
    this.paused = false;
    this.call(() => this.protocol.resumeWriting?.());
  }

  /** @internal our end has been sent */
  onShutDown(): void {
    this.shut = true;
    if (this.ended) this.close();
  }

  /** @internal */
  onClosed(): void {
    this.call(() => this.protocol.connectionLost?.(this.failure));
  }

  private peerEnded(): void {
    this.ended = true;
    if (this.closing) return;
    let keeps = false;
    this.call(() => (keeps = this.protocol.eofReceived?.() === true));
    if (!keeps) this.end();
    if (this.shut) this.close();
  }

  /** What was held while it did not read; a callback may pause it again. */
  private release(): void {
    const { held } = this;
    if (held === null || this.closing) return;
    this.held = null;
    for (let chunk = held.chunks.shift(); chunk !== undefined; chunk = held.chunks.shift()) {
      this.onData(chunk);
      if (this.held === null) continue;
      this.held = held;
      return;
    }
    if (held.ended) this.peerEnded();
    else if (!this.closing) this.native.setReading(this.id, true);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.close();
  }

  private call(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      protocolFailed(this.io.scheduler, this, error);
    }
  }
}
