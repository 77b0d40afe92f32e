/**
 * IO on the addon. Operations are numbers on the native side; this keeps what they mean.
 *
 *   records ─▶ dispatch ─▶ futures are settled, so tasks become ready ─▶ afterRecords: a turn
 *
 * All records of a wake are worked off before the turn, so that one turn serves all of them.
 */
import type { OwnedIo } from '../../loop/core-loop.js';
import { LoopClosedError, checkDelay } from '../../loop/errors.js';
import { Future } from '../../loop/future.js';
import type { Address, ConnectionHandler, ListenOptions, Server, Stream } from '../../loop/io.js';
import type { Protocol, ProtocolFactory, Transport } from '../../loop/protocol.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { SleepFuture } from '../../loop/sleep.js';
import { checkAddress, checkBacklog } from '../io/check-address.js';
import { Opening } from '../io/opening.js';
import { requireFactory, requireProtocol } from '../io/call-protocol.js';
import { requireHandler, serve } from '../io/serve.js';
import * as op from './binding.js';
import type { Native, NativeLoop } from './binding.js';
import { ConnectFuture } from './connect-future.js';
import { FileTable } from './file-table.js';
import { socketError } from './uv-error.js';
import { UvServer } from './uv-server.js';
import { UvStream } from './uv-stream.js';
import { UvTransport } from './uv-transport.js';

/** Records that one call can bring; beyond that the addon is asked for more. */
const RECORDS = 1024;

/** A Buffer's own class, whose constructor makes a view in 30 ns; `subarray` takes 42. */
const View = (Buffer as unknown as Record<symbol, new (...place: SlabPlace) => Uint8Array>)[
  Symbol.species
] as new (...place: SlabPlace) => Uint8Array;
type SlabPlace = [memory: ArrayBufferLike, offset: number, length: number];

type Connection = UvStream | UvTransport;
type Connecting = ConnectFuture<Connection>;

/** Told that everything of a wake has been noted, and whether the alarm was among it. */
export type WakeListener = (rang: boolean) => void;

export class UvIo implements OwnedIo {
  /** @internal */
  readonly scheduler: Scheduler;
  /** @internal */
  readonly native: NativeLoop;
  /** @internal a future that is done: what most writes return */
  readonly done: Future<void>;
  private readonly records = new Int32Array(RECORDS * op.RECORD);
  private readonly slabs: Buffer[] = [];
  private slab: Buffer | null = null;
  /** By native id: streams, servers, and connections on their way. */
  private readonly handles: (Connection | UvServer | Connecting | undefined)[] = [];
  /** Where the bytes of protocols lie. */
  private hot: Buffer | null = null;
  private readonly files: FileTable;
  private listener: WakeListener | null = null;
  private closing = false;
  private loopClosed: (() => void) | null = null;

  /** `hostInterval`: of a blocking drive; 0 for a guest. */
  constructor(scheduler: Scheduler, native: Native, hostInterval: number) {
    this.scheduler = scheduler;
    this.native = new native.IoLoop(this.records, this.slabs, this.onRecords, hostInterval);
    this.files = new FileTable(scheduler, this.native);
    this.done = new Future<void>(scheduler);
    this.done.setResult();
  }

  sleep(ms: number): Future<void> {
    checkDelay(ms, 'sleep');
    return new SleepFuture(this.scheduler, ms);
  }

  readFile(path: string): Future<Uint8Array> {
    this.requireOpen('readFile');
    return this.files.read(path);
  }

  writeFile(path: string, data: Uint8Array | string): Future<void> {
    this.requireOpen('writeFile');
    return this.files.write(path, data, false);
  }

  appendFile(path: string, data: Uint8Array | string): Future<void> {
    this.requireOpen('appendFile');
    return this.files.write(path, data, true);
  }

  connect(to: Address): Future<Stream> {
    this.requireOpen('connect');
    return this.connecting(checkAddress(to, 'connect'), false, (id) => new UvStream(this, id));
  }

  connectProtocol(to: Address, protocol: Protocol): Future<Transport> {
    this.requireOpen('connectProtocol');
    const address = checkAddress(to, 'connectProtocol');
    requireProtocol(protocol);
    this.useHot();
    return this.connecting(address, true, (id) => this.transport(id, protocol));
  }

  listen(on: ListenOptions, handler: ConnectionHandler): Future<Server> {
    this.requireOpen('listen');
    const { host, port } = checkAddress(on, 'listen');
    requireHandler(handler);
    return this.listening({ host, port, backlog: checkBacklog(on) }, false, (id) => {
      const stream = new UvStream(this, id);
      this.handles[id] = stream;
      serve(this.scheduler.loop, stream, handler);
    });
  }

  listenProtocol(on: ListenOptions, factory: ProtocolFactory): Future<Server> {
    this.requireOpen('listenProtocol');
    const { host, port } = checkAddress(on, 'listenProtocol');
    requireFactory(factory);
    this.useHot();
    return this.listening({ host, port, backlog: checkBacklog(on) }, true, (id) => {
      try {
        const protocol = factory(this.scheduler.loop);
        requireProtocol(protocol);
        this.transport(id, protocol);
      } catch (error) {
        this.scheduler.onError(error, 'a server could not make a protocol');
        this.native.closeHandle(id);
      }
    });
  }

  private connecting<T extends UvStream | UvTransport>(
    { host, port }: Required<Address>,
    hot: boolean,
    make: (id: number) => T,
  ): Future<T> {
    const { native } = this;
    const id = native.connect(host, port, hot);
    const made = (): T => (this.handles[id] = make(id));
    const to = { address: host, port };
    const future = new ConnectFuture<T>(this.scheduler, { native, id, to, made });
    if (id < 0) future.setError(future.errorFor(id));
    else this.handles[id] = future;
    return future;
  }

  private listening(
    { host, port, backlog }: Required<ListenOptions>,
    hot: boolean,
    onConnection: (id: number) => void,
  ): Future<Server> {
    const future = new Opening<Server>(this.scheduler, `a server on ${host}:${port}`);
    const id = this.native.listen(host, port, backlog, hot);
    if (id < 0) {
      future.setError(socketError(id, 'listen', { address: host, port }));
      return future;
    }
    const server = new UvServer(this, id, onConnection);
    this.handles[id] = server;
    future.setResult(server);
    return future;
  }

  private transport(id: number, protocol: Protocol): UvTransport {
    const transport = new UvTransport(this, id, protocol);
    this.handles[id] = transport;
    return transport.made();
  }

  private useHot(): void {
    this.hot ??= this.native.hotBuffer() ?? null;
    if (this.hot === null) throw new Error('there is no memory for the bytes of protocols');
  }

  async close(): Promise<string[]> {
    this.closing = true;
    for (const handle of this.handles) {
      if (handle instanceof ConnectFuture) handle.cancel('the loop is closing');
      else handle?.close();
    }
    const closed = new Promise<string[]>((resolve) => {
      this.loopClosed = () => resolve([]);
      this.native.close(); // done when all handles are closed, and no file is under way
    });
    // A thread that is held in a read or a write cannot be called back: the addon's loop closes when it returns.
    const left = await this.files.end();
    return left.length > 0 ? left : closed;
  }

  /** @internal */
  listenTo(listener: WakeListener): void {
    this.listener = listener;
  }

  /** @internal runs the private loop once by hand */
  poll(): void {
    this.dispatch(this.native.poll());
  }

  private readonly onRecords = (count: number): void => {
    this.listener?.(this.dispatch(count));
  };

  /** Works off the records in the array, and those that did not fit; says whether the alarm rang. */
  private dispatch(first: number): boolean {
    const { records } = this;
    let rang = false;
    for (let count = first; count !== 0; count = count < 0 ? this.native.more() : 0) {
      const end = Math.abs(count) * op.RECORD;
      for (let at = 0; at < end; at += op.RECORD) {
        const kind = records[at] as number;
        if (kind === op.OP_ALARM) rang = true;
        else {
          this.note(
            kind,
            records[at + 1] as number,
            records[at + 2] as number,
            records[at + 3] as number,
          );
        }
      }
    }
    return rang;
  }

  private note(kind: number, id: number, a: number, b: number): void {
    switch (kind) {
      case op.OP_DATA:
        return (this.handles[id] as UvStream).onData(this.view(a, b));
      case op.OP_HOT_DATA:
        return (this.handles[id] as UvTransport).onData(this.hotView(a, b));
      case op.OP_FILLED:
        return (this.handles[id] as UvStream).onFilled(a);
      case op.OP_SLAB:
        this.slab = this.slabs.shift() ?? null;
        return;
      case op.OP_FILE_BYTES:
        return this.files.bytes(id, this.view(a, b));
      case op.OP_FILE_DONE:
        return this.files.done(id, a, b);
      case op.OP_WRITTEN:
        return (this.handles[id] as Connection).onWritten(a);
      case op.OP_END:
        return (this.handles[id] as Connection).onEnd(a);
      case op.OP_SHUT_DOWN:
        return (this.handles[id] as Connection).onShutDown();
      case op.OP_ACCEPTED:
        return this.accepted(this.handles[id] as UvServer, a);
      case op.OP_CONNECTED:
        return this.connected(this.handles[id] as Connecting, id, a);
      case op.OP_CLOSED:
        return this.closed(id);
      case op.OP_LOOP_CLOSED:
        this.loopClosed?.();
    }
  }

  /** The addon's loop is gone once it is closed: nothing may reach it. */
  private requireOpen(verb: string): void {
    if (!this.closing) return;
    throw new LoopClosedError(
      `${verb}() was called on a closed uv loop: open another with policy.open()`,
    );
  }

  private view(offset: number, length: number): Uint8Array {
    const slab = this.slab as Buffer;
    return new View(slab.buffer, offset, length);
  }

  private hotView(offset: number, length: number): Uint8Array {
    const hot = this.hot as Buffer;
    return new View(hot.buffer, hot.byteOffset + offset, length);
  }

  private accepted(server: UvServer, id: number): void {
    if (id < 0) {
      const error = socketError(id, 'accept');
      this.scheduler.onError(error, 'a server could not accept a connection');
      return;
    }
    server.onConnection(id);
  }

  private connected(future: Connecting, id: number, errno: number): void {
    if (errno !== 0) {
      this.native.closeHandle(id);
      future.offerError(future.errorFor(errno));
    } else if (!future.done) future.connected();
  }

  private closed(id: number): void {
    const handle = this.handles[id];
    if (handle === undefined) return; // it never got as far as being registered
    this.handles[id] = undefined;
    if (!(handle instanceof ConnectFuture)) handle.onClosed();
  }
}
