/**
 * An HTTP/1.1 client on a loop's own streams, with a pool of connections per origin.
 *
 *            ┌─ idle ─┐ the one used last        request ─▶ answer read to its end ─▶ back to idle
 *   slot ──▶ │  or    │ ───────────────────────▶        └─▶ anything else: an error, a cancellation,
 *            └─ a new ┘                                      bytes left unread ─▶ closed
 *
 * A slot is a permit for one connection; a request that finds none waits. A read is pending on every idle connection,
 * so the client knows before the next use if the server has closed it or has sent something that nobody asked for. The
 * server may also close in the very moment of the use: an idempotent request is then sent once more, on a new
 * connection.
 */
import { CancelledError, quote } from '../../loop/errors.js';
import type { Stream } from '../../loop/io.js';
import type { Coroutine, Loop } from '../../loop/policy.js';
import { Semaphore } from '../../loop/sync.js';
import { InvalidRequestError, NoAnswerError } from './errors.js';
import { renderHeaders, type HeaderFields, type Headers } from './headers.js';
import { MessageReader, type Head, type ReaderLimits } from './message-reader.js';

export interface ClientOptions extends ReaderLimits {
  /** The maximum number of connections per origin. Default 16. */
  readonly connections?: number;
}

export interface HttpRequest {
  /** `http://` with an IP address or `localhost`: a loop has no name service. */
  readonly url: string;
  /** Default GET, or POST if there is a body. */
  readonly method?: string;
  readonly headers?: HeaderFields;
  readonly body?: Uint8Array | string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
}

export interface WholeAnswer extends Answer {
  readonly body: Buffer;
}

/** Reads the body as it comes: `chunk()` until null. */
export type AnswerReader<T> = (answer: Answer, body: MessageReader) => Coroutine<T>;

interface Origin {
  readonly address: { host: string; port: number };
  readonly hostHeader: string;
  readonly slots: Semaphore;
  readonly idle: Connection[];
}

interface Connection {
  readonly stream: Stream;
  readonly reader: MessageReader;
}

const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']);

export class HttpClient {
  private readonly loop: Loop;
  private readonly options: ClientOptions;
  private readonly origins = new Map<string, Origin>();
  private closed = false;

  constructor(loop: Loop, options: ClientOptions = {}) {
    this.loop = loop;
    this.options = options;
  }

  /** Gets the answer with its whole body, whatever its status. */
  get(url: string): Coroutine<WholeAnswer> {
    return this.request({ url });
  }

  request(request: HttpRequest): Coroutine<WholeAnswer> {
    return this.exchange(request, readAll);
  }

  /** Passes the answer to `use` as soon as its head is there; see `AnswerReader`. */
  *exchange<T>(request: HttpRequest, use: AnswerReader<T>): Coroutine<T> {
    const url = parseUrl(request.url);
    const origin = this.originOf(url);
    const message = new Message(request, url, origin.hostHeader);
    yield* origin.slots.acquire();
    let connection = takeIdle(origin);
    let reusable = false;
    try {
      let head: Head | null = null;
      if (connection !== null) head = yield* ask(connection, message, message.idempotent);
      if (head === null) {
        connection?.stream.close();
        connection = yield* this.open(origin);
        head = (yield* ask(connection, message, false)) as Head;
      }
      const { reader } = connection as Connection;
      const result = yield* use(head, reader);
      reusable = head.keepAlive && head.status !== 101 && reader.complete && !this.closed;
      return result;
    } finally {
      if (connection !== null) this.giveBack(origin, connection, reusable);
      origin.slots.release();
    }
  }

  /** Closes the idle connections. Those in use are closed when their request is done. */
  close(): void {
    this.closed = true;
    for (const { idle } of this.origins.values()) {
      for (const { stream } of idle.splice(0)) stream.close();
    }
  }

  private giveBack({ idle }: Origin, connection: Connection, reusable: boolean): void {
    const { stream, reader } = connection;
    if (!reusable) return stream.close();
    reader.leave();
    reader.readAhead();
    idle.push(connection);
  }

  private *open({ address }: Origin): Coroutine<Connection> {
    const connecting = this.loop.io.connect(address);
    try {
      const stream = yield* connecting;
      return { stream, reader: new MessageReader(stream, 'RESPONSE', '', this.options) };
    } catch (error) {
      // Cancelled when the connection was already made: nobody else would close it.
      if (connecting.done && !connecting.cancelled && connecting.error() === undefined) {
        connecting.result().close();
      }
      throw error;
    }
  }

  private originOf({ host, hostname, port }: URL): Origin {
    const known = this.origins.get(host);
    if (known !== undefined) return known;
    const plain = hostname.replaceAll(/[[\]]/g, '');
    const address = { host: plain === 'localhost' ? '127.0.0.1' : plain, port: Number(port || 80) };
    const slots = new Semaphore(this.loop, this.options.connections ?? 16);
    const origin = { address, hostHeader: host, slots, idle: [] };
    this.origins.set(host, origin);
    return origin;
  }
}

/** The most recently used connection that is still usable: its peer's buffers and windows are warm. */
function takeIdle({ idle }: Origin): Connection | null {
  for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
    if (!last.reader.stirred) return last;
    last.stream.close();
  }
  return null;
}

/** The head of the answer. Without one: an error, or null if the request may be sent again. */
function* ask(connection: Connection, message: Message, again: boolean): Coroutine<Head | null> {
  const { stream, reader } = connection;
  reader.what = `the answer to ${message.what}`;
  reader.expectNoBody = message.method === 'HEAD';
  let broke: unknown;
  try {
    yield* stream.write(message.bytes);
  } catch (error) {
    if (error instanceof CancelledError) throw error;
    broke = error; // closed by the server, which may have sent its reason before
  }
  let head = yield* reader.head();
  while (head !== null && head.status < 200 && head.status !== 101) {
    yield* reader.body(); // it only announces the answer, and has no body
    head = yield* reader.head();
  }
  if (head !== null || again) return head;
  const why = broke === undefined ? 'the server closed the connection' : quote(broke);
  throw new NoAnswerError(`${message.what} got no answer: ${why}`, { cause: broke });
}

function* readAll({ status, headers }: Answer, reader: MessageReader): Coroutine<WholeAnswer> {
  return { status, headers, body: yield* reader.body() };
}

/** A request as it goes over the wire. */
class Message {
  readonly method: string;
  readonly bytes: Buffer;
  private readonly url: string;

  constructor({ url, method, headers = {}, body }: HttpRequest, parsed: URL, host: string) {
    this.url = url;
    this.method = method ?? (body === undefined ? 'GET' : 'POST');
    if (!/^[A-Z-]+$/.test(this.method)) {
      throw new InvalidRequestError(`not a method: ${quote(method)}, for ${quote(url)}`);
    }
    const length = body === undefined ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
    const head =
      `${this.method} ${parsed.pathname}${parsed.search} HTTP/1.1\r\nHost: ${host}\r\n` +
      `${length}${renderHeaders(headers, InvalidRequestError)}\r\n`;
    this.bytes =
      body === undefined
        ? Buffer.from(head, 'latin1')
        : Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body as Uint8Array)]);
  }

  /** Whether the request is idempotent: it may be sent twice. */
  get idempotent(): boolean {
    return IDEMPOTENT.has(this.method);
  }

  get what(): string {
    return `${this.method} ${quote(this.url)}`;
  }
}

function parseUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === 'http:') return parsed;
  throw new InvalidRequestError(`a request goes to an http:// url, but got ${quote(url)}`);
}
