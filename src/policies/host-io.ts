/**
 * IO on Node's own APIs, for the policies that need nothing but Node. The host calls back in its
 * own macrotasks; a callback settles a future, which makes the waiting task ready.
 */
import { readFile, writeFile } from 'node:fs';
import { Server as NetServer, Socket, type AddressInfo } from 'node:net';
import type { OwnedIo } from '../loop/core-loop.js';
import { StreamStateError, checkDelay } from '../loop/errors.js';
import { Future } from '../loop/future.js';
import type { Address, ConnectionHandler, ListenOptions, Server, Stream } from '../loop/io.js';
import type { Scheduler } from '../loop/scheduler.js';
import { SleepFuture } from '../loop/sleep.js';
import { serve } from './serve.js';

/** Bytes a stream holds for its reader before it stops reading from the socket. */
const READ_AHEAD = 256 * 1024;

export class HostIo implements OwnedIo {
  private readonly scheduler: Scheduler;
  private readonly open = new Set<{ close(): unknown }>();

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  sleep(ms: number): Future<void> {
    checkDelay(ms, 'sleep');
    return new SleepFuture(this.scheduler, ms);
  }

  readFile(path: string): Future<Uint8Array> {
    const future = new Future<Uint8Array>(this.scheduler);
    readFile(path, (error, data) => (error ? future.offerError(error) : future.offer(data)));
    return future;
  }

  writeFile(path: string, data: Uint8Array | string): Future<void> {
    const future = new Future<void>(this.scheduler);
    writeFile(path, data, (error) => (error ? future.offerError(error) : future.offer()));
    return future;
  }

  connect(to: Address): Future<Stream> {
    const future = new Future<Stream>(this.scheduler);
    const socket = new Socket({ allowHalfOpen: true });
    socket.once('error', (error) => future.offerError(error));
    socket.connect({ host: to.host ?? '127.0.0.1', port: to.port, noDelay: true }, () => {
      if (future.done) socket.destroy(); // the wait was cancelled meanwhile
      else future.offer(this.adopt(socket));
    });
    future.wait({ settled: () => future.cancelled && socket.destroy() });
    return future;
  }

  listen(on: ListenOptions, handler: ConnectionHandler): Future<Server> {
    const future = new Future<Server>(this.scheduler);
    const { loop } = this.scheduler;
    const net = new NetServer({ allowHalfOpen: true, noDelay: true });
    net.on('connection', (socket) => serve(loop, this.adopt(socket), handler));
    net.once('error', (error) => future.offerError(error));
    net.listen({ host: on.host ?? '127.0.0.1', port: on.port, backlog: on.backlog ?? 511 }, () => {
      const server = new HostServer(this.scheduler, net, () => this.open.delete(server));
      if (future.done) return void net.close();
      this.open.add(server);
      future.offer(server);
    });
    return future;
  }

  async close(): Promise<void> {
    await Promise.all([...this.open].map((owned) => owned.close()));
  }

  private adopt(socket: Socket): HostStream {
    const stream: HostStream = new HostStream(this.scheduler, socket, () => this.open.delete(stream));
    this.open.add(stream);
    return stream;
  }
}

class HostServer implements Server {
  readonly host: string;
  readonly port: number;
  private readonly closed: Future<void>;
  private readonly net: NetServer;
  private readonly onClose: () => void;

  constructor(scheduler: Scheduler, net: NetServer, onClose: () => void) {
    const { address, port } = net.address() as AddressInfo;
    this.host = address;
    this.port = port;
    this.net = net;
    this.onClose = onClose;
    this.closed = new Future<void>(scheduler);
  }

  close(): Future<void> {
    if (this.net.listening) {
      this.onClose();
      // Not the callback of close(): it also waits for the connections, which go on.
      this.net.close();
      setImmediate(() => this.closed.offer());
    }
    return this.closed;
  }
}

class HostStream implements Stream {
  readonly remote: Required<Address>;
  private readonly scheduler: Scheduler;
  private readonly socket: Socket;
  private readonly onClose: () => void;
  private readonly chunks: Uint8Array[] = [];
  private held = 0;
  private reader: Future<Uint8Array | null> | null = null;
  private drained: Future<void> | null = null;
  private finished: Future<void> | null = null;
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
    socket.on('drain', () => this.settleWrite());
    socket.on('error', (error) => (this.failure = error));
    socket.on('close', () => {
      this.onClose();
      this.end_();
      this.settleWrite();
      this.finished?.offer();
    });
  }

  read(): Future<Uint8Array | null> {
    if (this.reader !== null && !this.reader.done) throw readTwice();
    const future = new Future<Uint8Array | null>(this.scheduler);
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
    else {
      this.drained ??= new Future<void>(this.scheduler);
      return this.drained;
    }
    return future;
  }

  end(): Future<void> {
    if (this.finished === null) {
      const future = (this.finished = new Future<void>(this.scheduler));
      if (this.socket.destroyed) future.setResult();
      else this.socket.end(() => future.offer());
    }
    return this.finished;
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

  /** No more bytes will come. */
  private end_(): void {
    this.ended = true;
    const { reader } = this;
    this.reader = null;
    if (reader === null) return;
    if (this.failure !== null) reader.offerError(this.failure);
    else reader.offer(null);
  }

  private settleWrite(): void {
    const { drained } = this;
    this.drained = null;
    if (drained === null) return;
    if (this.failure !== null) drained.offerError(this.failure);
    else if (this.socket.destroyed) drained.offerError(writeAfterEnd());
    else drained.offer();
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
