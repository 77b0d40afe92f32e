/**
 * IO on Node's own APIs, for the policies that need nothing but Node. The host calls back in its
 * own macrotasks; a callback settles a future, which makes the waiting task ready.
 */
import { appendFile, readFile, writeFile } from 'node:fs';
import { Server as NetServer, Socket, type AddressInfo } from 'node:net';
import type { OwnedIo } from '../loop/core-loop.js';
import { StreamStateError, checkDelay } from '../loop/errors.js';
import { Future } from '../loop/future.js';
import type { Address, ConnectionHandler, ListenOptions, Server, Stream } from '../loop/io.js';
import type { Scheduler } from '../loop/scheduler.js';
import { SleepFuture } from '../loop/sleep.js';
import { checkAddress } from './check-address.js';
import { ReadFuture } from './read-future.js';
import { requireHandler, serve } from './serve.js';

/** Bytes a stream holds for its reader before it stops reading from the socket. */
const READ_AHEAD = 256 * 1024;

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

class HostServer implements Server {
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

class HostStream implements Stream {
  readonly remote: Required<Address>;
  private readonly scheduler: Scheduler;
  private readonly socket: Socket;
  private readonly onClose: () => void;
  private readonly chunks: Uint8Array[] = [];
  private held = 0;
  private reader: ReadFuture | null = null;
  /** Writes that wait until the socket can take more: a future each, since each may be cancelled. */
  private writers: Future<void>[] = [];
  private ended = false;
  private failure: Error | null = null;

  constructor(scheduler: Scheduler, socket: Socket, onClose: () => void) {
    this.scheduler = scheduler;
    this.socket = socket;
    this.onClose = onClose;
    this.remote = { host: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    socket.removeAllListeners('error');
    socket.on('data', this.onData);
    socket.on('end', () => this.end_());
    socket.on('drain', () => this.settleWrites());
    socket.on('error', (error) => (this.failure = error));
    socket.on('close', () => {
      this.onClose();
      this.end_();
      this.settleWrites();
    });
  }

  read(): Future<Uint8Array | null> {
    if (this.reader !== null && !this.reader.done) throw readTwice();
    const future = new ReadFuture(this.scheduler, this.unread);
    const chunk = this.chunks.shift();
    if (chunk !== undefined) {
      this.held -= chunk.byteLength;
      if (this.socket.isPaused() && this.held < READ_AHEAD) this.socket.resume();
      future.setResult(chunk);
    } else if (this.failure !== null) {
      future.setError(this.failure);
    } else if (this.ended) {
      future.setResult(null);
    } else {
      this.reader = future;
    }
    return future;
  }

  write(data: Uint8Array): Future<void> {
    const future = new Future<void>(this.scheduler);
    if (this.failure !== null) future.setError(this.failure);
    else if (!this.socket.writable) future.setError(writeAfterEnd());
    else if (this.socket.write(data)) future.setResult();
    else this.writers.push(future);
    return future;
  }

  end(): Future<void> {
    const future = new Future<void>(this.scheduler);
    if (this.socket.destroyed || this.socket.writableFinished) future.setResult();
    else this.socket.end(() => future.offer()); // also called when it is destroyed meanwhile
    return future;
  }

  close(): void {
    this.end_();
    this.socket.destroy();
  }

  private readonly onData = (chunk: Uint8Array): void => {
    const { reader } = this;
    this.reader = null;
    if (reader !== null && !reader.done) {
      reader.setResult(chunk);
      return;
    }
    this.chunks.push(chunk);
    this.held += chunk.byteLength;
    if (this.held >= READ_AHEAD) this.socket.pause();
  };

  private readonly unread = (chunk: Uint8Array): void => {
    this.chunks.unshift(chunk);
    this.held += chunk.byteLength;
  };

  /** No more bytes will come. */
  private end_(): void {
    this.ended = true;
    const { reader } = this;
    this.reader = null;
    if (reader === null) return;
    if (this.failure !== null) reader.offerError(this.failure);
    else reader.offer(null);
  }

  private settleWrites(): void {
    const { writers } = this;
    this.writers = [];
    const error = this.failure ?? (this.socket.destroyed ? writeAfterEnd() : null);
    for (const writer of writers) {
      if (error === null) writer.offer();
      else writer.offerError(error);
    }
  }
}

export function readTwice(): StreamStateError {
  return new StreamStateError(
    'read() was called while another read of this stream is pending: wait for the first one',
  );
}

export function writeAfterEnd(): StreamStateError {
  return new StreamStateError('write() was called on a stream that has been ended or closed');
}
