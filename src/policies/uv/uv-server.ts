import { Future } from '../../loop/future.js';
import type { ConnectionHandler, Server } from '../../loop/io.js';
import type { UvIo } from './uv-io.js';

/** A listening socket of the addon. */
export class UvServer implements Server {
  readonly host: string;
  readonly port: number;
  /** @internal */
  readonly handler: ConnectionHandler;
  private readonly io: UvIo;
  private readonly id: number;
  private readonly closed: Future<void>;
  private closing = false;

  constructor(io: UvIo, id: number, handler: ConnectionHandler) {
    this.io = io;
    this.id = id;
    this.handler = handler;
    this.closed = new Future<void>(io.scheduler);
    [this.host, this.port] = io.native.localAddress(id);
  }

  close(): Future<void> {
    if (!this.closing) this.io.native.closeHandle(this.id);
    this.closing = true;
    return this.closed;
  }

  /** @internal */
  onClosed(): void {
    this.closed.offer();
  }
}
