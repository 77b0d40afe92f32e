import type { Socket } from 'node:net';
import { Future } from '../../loop/future.js';
import type { Address } from '../../loop/io.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { BufferedStream, writeAfterEnd } from '../io/buffered-stream.js';

const NOTHING = new Uint8Array(0);

/** A TCP connection of Node's. */
export class HostStream extends BufferedStream {
  readonly remote: Required<Address>;
  private readonly socket: Socket;

  constructor(scheduler: Scheduler, socket: Socket, onClose: () => void) {
    super(scheduler);
    this.socket = socket;
    this.remote = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    socket.removeAllListeners('error');
    socket.on('data', (chunk) => this.onData(chunk));
    socket.on('end', () => this.endReading());
    socket.on('drain', () => this.settleWriters(null));
    socket.on('finish', () => this.settleWriters(null)); // after end() there is no 'drain'
    socket.on('error', (error) => (this.failure = error));
    socket.on('close', () => {
      onClose();
      this.endReading();
      this.settleWriters(this.failure ?? writeAfterEnd());
    });
  }

  write(data: Uint8Array): Future<void> {
    if (this.failure !== null) return this.failedWrite(this.failure);
    if (!this.socket.writable) return this.failedWrite(writeAfterEnd());
    if (!this.socket.write(data)) return this.waitToWrite();
    const future = new Future<void>(this.scheduler);
    future.setResult();
    return future;
  }

  flush(): Future<void> {
    if (this.failure !== null) return this.failedWrite(this.failure);
    if (this.socket.destroyed) return this.failedWrite(writeAfterEnd());
    if (this.socket.writableLength > 0) {
      // 'drain' comes only after a write that said to wait; this comes after all of them.
      if (!this.socket.writableNeedDrain) this.socket.write(NOTHING, this.drained);
      return this.waitToWrite();
    }
    const future = new Future<void>(this.scheduler);
    future.setResult();
    return future;
  }

  end(): Future<void> {
    const future = new Future<void>(this.scheduler);
    if (this.socket.destroyed || this.socket.writableFinished) future.setResult();
    else this.socket.end(() => future.offer()); // also called when it is destroyed meanwhile
    return future;
  }

  close(): void {
    this.endReading();
    this.socket.destroy();
  }

  private readonly drained = (error?: Error | null): void => {
    if (!error) this.settleWriters(null); // else 'close' follows
  };

  protected setReading(on: boolean): void {
    if (on) this.socket.resume();
    else this.socket.pause();
  }
}
