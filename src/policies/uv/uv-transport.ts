/**
 * One TCP connection of the addon with a protocol: bytes are looked at where the kernel put them, in the addon's hot
 * buffer, and nothing is allocated for them but the view.
 */
import type { Address } from '../../loop/io.js';
import type { Protocol, Transport } from '../../loop/protocol.js';
import { writeAfterEnd } from '../io/buffered-stream.js';
import { protocolFailed } from '../io/call-protocol.js';
import { checkBytes } from '../io/check-bytes.js';
import type { NativeLoop } from './binding.js';
import { socketError } from './uv-error.js';
import type { UvIo } from './uv-io.js';
import { WRITE_AHEAD } from './uv-stream.js';

export class UvTransport implements Transport {
  readonly remote: Required<Address>;
  private readonly id: number;
  private readonly io: UvIo;
  private readonly native: NativeLoop;
  private readonly protocol: Protocol;
  private failure: Error | null = null;
  /** Writes that the addon has queued. */
  private queued = 0;
  private writingPaused = false;
  private ending = false;
  private shut = false;
  private ended = false;
  private closing = false;
  private readingPaused = false;
  /** What came with other bytes after `pauseReading`, copied; then whether the peer has ended. */
  private readonly held: Uint8Array[] = [];
  private heldEnd = false;

  constructor(io: UvIo, id: number, protocol: Protocol) {
    this.io = io;
    this.native = io.native;
    this.id = id;
    this.protocol = protocol;
    const [host, port] = io.native.remoteAddress(id);
    this.remote = { host, port };
  }

  write(bytes: Uint8Array): void {
    checkBytes(bytes);
    if (this.failure !== null) return; // connectionLost tells it
    if (this.ending || this.closing) throw writeAfterEnd();
    const queued = this.native.send(this.id, bytes);
    if (queued === 0) return;
    if (queued < 0) return this.fail(socketError(queued, 'write'));
    this.queued++;
    if (this.writingPaused || queued < WRITE_AHEAD) return;
    this.writingPaused = true;
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
    if (this.readingPaused || this.closing) return;
    this.readingPaused = true;
    if (!this.ended) this.native.setReading(this.id, false);
  }

  resumeReading(): void {
    if (!this.readingPaused || this.closing) return;
    this.readingPaused = false;
    if (!this.holds) return this.readOn();
    // In a turn of its own: never from within a call of the transport.
    const { scheduler } = this.io;
    scheduler.soon(scheduler.handle(() => this.release()));
  }

  /** @internal */
  made(): this {
    this.call(() => this.protocol.connectionMade?.(this));
    return this;
  }

  /** @internal in the hot buffer */
  onData(bytes: Uint8Array): void {
    if (this.closing) return;
    if (this.readingPaused || this.holds) this.held.push(Buffer.from(bytes));
    else this.receive(bytes);
  }

  /** @internal */
  onEnd(errno: number): void {
    if (errno !== 0) return this.fail(socketError(errno, 'read'));
    if (this.readingPaused || this.holds) this.heldEnd = true;
    else this.peerEnded();
  }

  /** @internal the oldest queued write is done */
  onWritten(errno: number): void {
    this.queued--;
    if (errno !== 0) return this.fail(socketError(errno, 'write'));
    if (this.queued > 0 || !this.writingPaused || this.closing) return;
    this.writingPaused = false;
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

  private get holds(): boolean {
    return this.held.length > 0 || this.heldEnd;
  }

  /** What was held while it did not read; a callback may pause it again. */
  private release(): void {
    while (!this.readingPaused && !this.closing) {
      const bytes = this.held.shift();
      if (bytes === undefined) break;
      this.receive(bytes);
    }
    if (this.readingPaused || this.closing) return;
    if (!this.heldEnd) return this.readOn();
    this.heldEnd = false;
    this.peerEnded();
  }

  private readOn(): void {
    if (!this.ended) this.native.setReading(this.id, true);
  }

  private receive(bytes: Uint8Array): void {
    try {
      this.protocol.dataReceived(bytes);
    } catch (error) {
      protocolFailed(this.io.scheduler, this, error);
    }
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
