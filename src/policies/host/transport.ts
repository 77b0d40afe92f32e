import type { Socket } from 'node:net';
import type { Address } from '../../loop/io.js';
import type { Protocol, Transport } from '../../loop/protocol.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { writeAfterEnd } from '../io/buffered-stream.js';
import { checkBytes } from '../io/check-bytes.js';
import { protocolFailed } from '../io/call-protocol.js';

/** A TCP connection of Node's with a protocol. */
export class HostTransport implements Transport {
  readonly remote: Required<Address>;
  private readonly scheduler: Scheduler;
  private readonly socket: Socket;
  private readonly protocol: Protocol;
  private failure: Error | null = null;
  private paused = false;
  private ending = false;

  constructor(scheduler: Scheduler, socket: Socket, protocol: Protocol, onClose: () => void) {
    this.scheduler = scheduler;
    this.socket = socket;
    this.protocol = protocol;
    this.remote = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    socket.removeAllListeners('error');
    // A socket that was destroyed may still have events under way (in Bun).
    socket.on('data', (bytes) => {
      if (!socket.destroyed) this.call(() => protocol.dataReceived(bytes));
    });
    socket.on('end', () => {
      if (!socket.destroyed) this.peerEnded();
    });
    socket.on('drain', () => this.resumeWriting());
    socket.on('error', (error) => (this.failure = error));
    socket.on('close', () => {
      onClose();
      this.call(() => protocol.connectionLost?.(this.failure));
    });
  }

  /** @internal */
  made(): this {
    this.call(() => this.protocol.connectionMade?.(this));
    return this;
  }

  write(bytes: Uint8Array): void {
    checkBytes(bytes);
    if (this.failure !== null) return; // connectionLost tells it
    if (this.ending || this.socket.destroyed) throw writeAfterEnd();
    if (this.socket.write(bytes) || this.paused) return;
    this.paused = true;
    this.call(() => this.protocol.pauseWriting?.());
  }

  end(): void {
    if (this.ending) return;
    this.ending = true;
    this.socket.end();
  }

  close(): void {
    this.ending = true;
    this.socket.destroy();
  }

  pauseReading(): void {
    this.socket.pause();
  }

  resumeReading(): void {
    this.socket.resume();
  }

  private peerEnded(): void {
    let keeps = false;
    this.call(() => (keeps = this.protocol.eofReceived?.() === true));
    if (!keeps) this.end();
  }

  private resumeWriting(): void {
    if (!this.paused) return;
    this.paused = false;
    this.call(() => this.protocol.resumeWriting?.());
  }

  private call(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      protocolFailed(this.scheduler, this, error);
    }
  }
}
