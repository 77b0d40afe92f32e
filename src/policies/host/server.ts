import type { AddressInfo, Server as NetServer } from 'node:net';
import { Future } from '../../loop/future.js';
import type { Server } from '../../loop/io.js';
import type { Scheduler } from '../../loop/scheduler.js';

/** A listening socket of Node's. */
export class HostServer implements Server {
  readonly host: string;
  readonly port: number;
  private readonly scheduler: Scheduler;
  private readonly net: NetServer;
  private readonly onClose: () => void;

  constructor(scheduler: Scheduler, net: NetServer, onClose: () => void) {
    const { address, port } = net.address() as AddressInfo;
    this.host = address;
    this.port = port;
    this.net = net;
    this.onClose = onClose;
    this.scheduler = scheduler;
  }

  close(): Future<void> {
    const closed = new Future<void>(this.scheduler);
    if (this.net.listening) {
      this.onClose();
      this.net.close();
    }
    // Not the callback of close(): it also waits for the connections, which go on.
    setImmediate(() => closed.offer());
    return closed;
  }
}
