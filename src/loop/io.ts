/** The IO that every loop offers. Each operation returns a future; cancelling it abandons the wait. */
import type { Future } from './future.js';
import type { Coroutine, Loop } from './policy.js';
import type { Protocol, ProtocolFactory, Transport } from './protocol.js';

export interface Io {
  /** Waits `ms` milliseconds, never less. */
  sleep(ms: number): Future<void>;
  /** The whole file. Fails with Node's `code`: ENOENT, EISDIR, EACCES, … */
  readFile(path: string): Future<Uint8Array>;
  /** Writes the whole file, creating or truncating it. Do not change `data` before it is done. */
  writeFile(path: string, data: Uint8Array | string): Future<void>;
  /** Appends to the file, creating it if needed. Appends that do not wait for each other may be reordered. */
  appendFile(path: string, data: Uint8Array | string): Future<void>;
  /** Fails with Node's `code`: ECONNREFUSED, EADDRNOTAVAIL, … */
  connect(to: Address): Future<Stream>;
  /** Listens, and spawns `handler` as a task for each connection. A connection is closed when its handler ends. */
  listen(on: ListenOptions, handler: ConnectionHandler): Future<Server>;
  /** Connects, and calls `protocol` from then on: see `protocol.ts`. Fails as `connect` does. */
  connectProtocol(to: Address, protocol: Protocol): Future<Transport>;
  /** Listens, and calls a protocol that `factory` makes for each connection. */
  listenProtocol(on: ListenOptions, factory: ProtocolFactory): Future<Server>;
}

export interface Address {
  /** An IP address. Default `127.0.0.1`. */
  host?: string;
  port: number;
}

/** With `port: 0` the system chooses a free port; the server's `port` says which. */
export interface ListenOptions extends Address {
  /** Connections that may wait to be accepted. Default 511, as in Node. */
  backlog?: number;
}

export type ConnectionHandler = (
  stream: Stream,
  loop: Loop,
) => Coroutine<void> | PromiseLike<void> | void;

/** A TCP connection. */
export interface Stream {
  /** Reads the next bytes, which the caller may keep; null once the peer has ended. One read at a time. */
  read(): Future<Uint8Array | null>;
  /**
   * Reads into `buffer`, from its beginning, and gives the number of bytes; 0 once the peer has ended. Do not touch
   * `buffer` until the read is done. A cancelled read writes nothing more and loses nothing. One read at a time.
   */
  readInto(buffer: Uint8Array): Future<number>;
  /**
   * Queues bytes. Done when the stream can take more: waiting for it keeps memory bounded. Do not change `data` before
   * it has been sent (the peer has it, or `end` is done).
   */
  write(data: Uint8Array): Future<void>;
  /**
   * Done when the kernel has taken all that was written: from then on its memory may be changed. Fails as `write` does.
   */
  flush(): Future<void>;
  /** Half-close: sends what is queued, then the end. The peer may go on sending. */
  end(): Future<void>;
  /** Closes both directions at once. Pending reads give null, pending writes fail. */
  close(): void;
  readonly remote: Required<Address>;
}

export interface Server {
  readonly host: string;
  readonly port: number;
  /** Stops listening; connections that are open go on. */
  close(): Future<void>;
}
