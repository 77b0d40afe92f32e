/**
 * IO on Node's own APIs, for the policies that need nothing but Node. The host calls back in its
 * own macrotasks; a callback settles a future, which makes the waiting task ready.
 */
import { appendFile, readFile, writeFile } from 'node:fs';
import { Server as NetServer, Socket } from 'node:net';
import type { OwnedIo } from '../../loop/core-loop.js';
import { checkDelay } from '../../loop/errors.js';
import { Future } from '../../loop/future.js';
import type { Address, ConnectionHandler, ListenOptions, Server, Stream } from '../../loop/io.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { SleepFuture } from '../../loop/sleep.js';
import { checkAddress } from '../io/check-address.js';
import { requireHandler, serve } from '../io/serve.js';
import { HostServer } from './server.js';
import { HostStream } from './stream.js';

export class HostIo implements OwnedIo {
  private readonly scheduler: Scheduler;
  private readonly open = new Set<{ close(): unknown }>();
  private atWork = 0;

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  sleep(ms: number): Future<void> {
    checkDelay(ms, 'sleep');
    return new SleepFuture(this.scheduler, ms);
  }

  readFile(path: string): Future<Uint8Array> {
    return this.fromHost((done) => readFile(path, done));
  }

  writeFile(path: string, data: Uint8Array | string): Future<void> {
    return this.fromHost((done) => writeFile(path, data, done));
  }

  appendFile(path: string, data: Uint8Array | string): Future<void> {
    return this.fromHost((done) => appendFile(path, data, done));
  }

  connect(to: Address): Future<Stream> {
    const { host, port } = checkAddress(to, 'connect');
    const socket = new Socket({ allowHalfOpen: true });
    const future = this.opening<Stream>(() => socket.destroy());
    socket.once('error', (error) => future.offerError(error));
    socket.connect({ host, port, noDelay: true }, () => {
      if (!future.done) future.offer(this.adopt(socket));
    });
    return future;
  }

  listen(on: ListenOptions, handler: ConnectionHandler): Future<Server> {
    const { host, port } = checkAddress(on, 'listen');
    requireHandler(handler);
    const { loop, onError } = this.scheduler;
    const net = new NetServer({ allowHalfOpen: true, noDelay: true });
    const future = this.opening<Server>(() => net.close());
    net.on('connection', (socket) => serve(loop, this.adopt(socket), handler));
    net.on('error', (error) => {
      if (future.done) onError(error, 'a server could not accept a connection');
      else future.offerError(error);
    });
    net.listen({ host, port, backlog: on.backlog ?? 511 }, () => {
      if (future.done) return void net.close();
      const server = new HostServer(this.scheduler, net, () => this.open.delete(server));
      this.open.add(server);
      future.offer(server);
    });
    return future;
  }

  /** Whether the host is at work on something that it is certain to finish. */
  get working(): boolean {
    return this.atWork > 0;
  }

  /** Streams and servers that are open: bytes may come for them, or not. */
  get openCount(): number {
    return this.open.size;
  }

  async close(): Promise<void> {
    await Promise.all([...this.open].map((owned) => owned.close()));
  }

  /** A future of what a host call gives, which is certain to come. */
  private fromHost<T>(call: (done: (error: Error | null, value?: T) => void) => void): Future<T> {
    const future = new Future<T>(this.scheduler);
    this.atWork++;
    call((error, value) => {
      this.atWork--;
      if (error) future.offerError(error);
      else future.offer(value as T);
    });
    return future;
  }

  /** A future of something that opens: cancelled, by its waiter or as the loop closes, it gives up. */
  private opening<T>(giveUp: () => void): Future<T> {
    const future = new Future<T>(this.scheduler);
    const owned = { close: () => future.cancel() };
    this.open.add(owned);
    this.atWork++;
    future.wait({
      settled: () => {
        this.open.delete(owned);
        this.atWork--;
        if (future.cancelled) giveUp();
      },
      watches: true,
    });
    return future;
  }

  private adopt(socket: Socket): HostStream {
    const stream: HostStream = new HostStream(this.scheduler, socket, () =>
      this.open.delete(stream),
    );
    this.open.add(stream);
    return stream;
  }
}
