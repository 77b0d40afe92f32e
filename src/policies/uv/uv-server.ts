import { Future } from '../../loop/future.js';
import type { Server } from '../../loop/io.js';
import type { UvIo } from './uv-io.js';

/** A listening socket of the addon. */
export class UvServer implements Server {
  readonly host: string;
  readonly port: number;
  /** @internal a connection was accepted */
  readonly onConnection: (id: number) => void;
  private readonly io: UvIo;
  private readonly id: number;
  private state: 'open' | 'closing' | 'closed' = 'open';
  private closers: Future<void>[] = [];

  constructor(io: UvIo, id: number, onConnection: (id: number) => void) {
    this.io = io;
    this.id = id;
    this.onConnection = onConnection;
    [this.host, this.port] = io.native.localAddress(id);
  }

  close(): Future<void> {
    if (this.state === 'closed') return this.io.done;
    if (this.state === 'open') this.io.native.closeHandle(this.id);
    this.state = 'closing';
    const future = new Future<void>(this.io.scheduler);
    this.closers.push(future);
    return future;
  }

  /** @internal */
  onClosed(): void {
    this.state = 'closed';
    for (const closer of this.closers) closer.offer();
    this.closers = [];
  }
}
