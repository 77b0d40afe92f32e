/**
 * IO on Node's own APIs, for the policies that need nothing but Node. The host calls back in its
 * own macrotasks; a callback settles a future, which makes the waiting task ready.
 */
import { appendFile, readFile, writeFile } from 'node:fs';
import { Server as NetServer, Socket } from 'node:net';
import type { OwnedIo } from '../../loop/core-loop.js';
import { checkDelay, quote } from '../../loop/errors.js';
import type { Future } from '../../loop/future.js';
import type { Address, ConnectionHandler, ListenOptions, Server, Stream } from '../../loop/io.js';
import { LinkedList, type Link } from '../../loop/linked-list.js';
import { Operation } from '../../loop/operation.js';
import type { Protocol, ProtocolFactory, Transport } from '../../loop/protocol.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { SleepFuture } from '../../loop/sleep.js';
import { checkAddress, checkBacklog } from '../io/check-address.js';
import { checkContent, checkPath } from '../io/check-file.js';
import { Opening } from '../io/opening.js';
import { requireFactory, requireProtocol } from '../io/call-protocol.js';
import { requireHandler, serve } from '../io/serve.js';
import { UnderWay } from '../io/under-way.js';
import { HostServer } from './server.js';
import { HostStream } from './stream.js';
import { HostTransport } from './transport.js';

export class HostIo implements OwnedIo {
  private readonly scheduler: Scheduler;
  private readonly open = new LinkedList<Owned>();
  private opening = 0;
  private readonly files = new UnderWay();
  /** A clock that stands still while the host works goes on, though nobody waited for what has ended. */
  private readonly idle = (): void => this.scheduler.wakeUp?.();

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  sleep(ms: number): Future<void> {
    checkDelay(ms, 'sleep');
    return new SleepFuture(this.scheduler, ms);
  }

  readFile(path: string): Future<Uint8Array> {
    checkPath(path, 'readFile');
    return this.fromHost(`a read of ${quote(path)}`, (done) => readFile(path, done));
  }

  writeFile(path: string, data: Uint8Array | string): Future<void> {
    checkPath(path, 'writeFile');
    const content = checkContent(data, 'writeFile');
    return this.fromHost(`a write of ${quote(path)}`, (done) => writeFile(path, content, done));
  }

  appendFile(path: string, data: Uint8Array | string): Future<void> {
    checkPath(path, 'appendFile');
    const content = checkContent(data, 'appendFile');
    return this.fromHost(`a write of ${quote(path)}`, (done) => appendFile(path, content, done));
  }

  connect(to: Address): Future<Stream> {
    return this.connecting(checkAddress(to, 'connect'), (socket) => this.adopt(socket));
  }

  connectProtocol(to: Address, protocol: Protocol): Future<Transport> {
    const address = checkAddress(to, 'connectProtocol');
    requireProtocol(protocol);
    return this.connecting(address, (socket) => this.transport(socket, protocol));
  }

  listen(on: ListenOptions, handler: ConnectionHandler): Future<Server> {
    const { host, port } = checkAddress(on, 'listen');
    requireHandler(handler);
    const { loop } = this.scheduler;
    return this.listening({ host, port, backlog: checkBacklog(on) }, (socket) =>
      serve(loop, this.adopt(socket), handler),
    );
  }

  listenProtocol(on: ListenOptions, factory: ProtocolFactory): Future<Server> {
    const { host, port } = checkAddress(on, 'listenProtocol');
    requireFactory(factory);
    const { loop, onError } = this.scheduler;
    return this.listening({ host, port, backlog: checkBacklog(on) }, (socket) => {
      try {
        const protocol = factory(loop);
        requireProtocol(protocol);
        this.transport(socket, protocol);
      } catch (error) {
        onError(error, 'a server could not make a protocol');
        socket.destroy();
      }
    });
  }

  private connecting<T extends Stream | Transport>(
    { host, port }: Required<Address>,
    make: (socket: Socket) => T,
  ): Future<T> {
    const socket = new Socket({ allowHalfOpen: true });
    const future = this.opens<T>(`a connection to ${host}:${port}`, () => socket.destroy());
    socket.once('error', (error) => future.offerError(error));
    socket.connect({ host, port, noDelay: true }, () => {
      if (!future.done) future.offer(make(socket));
    });
    return future;
  }

  private listening(
    { host, port, backlog }: Required<ListenOptions>,
    onConnection: (socket: Socket) => void,
  ): Future<Server> {
    const { onError } = this.scheduler;
    const net = new NetServer({ allowHalfOpen: true, noDelay: true });
    const future = this.opens<Server>(`a server on ${host}:${port}`, () => net.close());
    net.on('connection', onConnection);
    net.on('error', (error) => {
      if (future.done) onError(error, 'a server could not accept a connection');
      else future.offerError(error);
    });
    net.listen({ host, port, backlog }, () => {
      if (future.done) return void net.close();
      const server = new HostServer(this.scheduler, net, () => this.open.remove(owned));
      const owned = new Owned(() => server.close());
      this.open.add(owned);
      future.offer(server);
    });
    return future;
  }

  /** Whether the host is at work on something that it is certain to finish. */
  get working(): boolean {
    return this.opening > 0 || !this.files.isEmpty;
  }

  /** Streams and servers that are open: bytes may come for them, or not. */
  get hasOpen(): boolean {
    return !this.open.isEmpty;
  }

  async close(): Promise<string[]> {
    await Promise.all([...this.open].map((owned) => owned.close()));
    return this.files.end();
  }

  /** A future of what a host call gives, which is certain to come. */
  private fromHost<T>(
    what: string,
    call: (done: (error: Error | null, value?: T) => void) => void,
  ): Future<T> {
    const future = new Operation<T>(this.scheduler, what);
    this.files.add(future);
    call((error, value) => {
      this.files.remove(future);
      this.idle();
      if (error) future.offerError(error);
      else future.offer(value as T);
    });
    return future;
  }

  /** A future of something that opens: cancelled, by its waiter or as the loop closes, it gives up. */
  private opens<T extends Stream | Transport | Server>(
    what: string,
    giveUp: () => void,
  ): Future<T> {
    const future = new Opening<T>(this.scheduler, what);
    const owned = new Owned(() => future.cancel());
    this.open.add(owned);
    this.opening++;
    future.wait({
      settled: () => {
        this.open.remove(owned);
        this.opening--;
        this.idle();
        if (future.cancelled) giveUp();
      },
      watches: true,
    });
    return future;
  }

  private transport(socket: Socket, protocol: Protocol): HostTransport {
    const transport = new HostTransport(this.scheduler, socket, protocol, () =>
      this.open.remove(owned),
    );
    // The loop is closed once `connectionLost` was called.
    const closed = (): Promise<void> =>
      new Promise((resolve) => {
        socket.once('close', () => resolve());
        transport.close();
      });
    const owned = new Owned(closed);
    this.open.add(owned);
    return transport.made();
  }

  private adopt(socket: Socket): HostStream {
    const stream = new HostStream(this.scheduler, socket, () => this.open.remove(owned));
    const owned = new Owned(() => stream.close());
    this.open.add(owned);
    return stream;
  }
}

/** A stream, a server, or one that opens: it is closed with the loop. */
class Owned implements Link {
  older: Link | null = null;
  newer: Link | null = null;
  readonly close: () => unknown;

  constructor(close: () => unknown) {
    this.close = close;
  }
}
