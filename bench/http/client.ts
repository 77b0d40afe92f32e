/**
 * An HTTP/1.1 client on a loop's own streams: one origin, connections that are kept and used again,
 * at most so many at a time.
 *
 *   request ─▶ a place (semaphore) ─▶ an idle connection, or a new one ─▶ head, body ─▶ idle again
 *                                              │
 *                          cancelled, failed, or "Connection: close": closed, never used again
 */
import type { Coroutine } from '../../src/loop/future.js';
import type { Stream } from '../../src/loop/io.js';
import type { Loop } from '../../src/loop/policy.js';
import { Semaphore } from '../../src/loop/sync.js';
import { HttpParseError, HttpRequestError } from './errors.js';
import { MessageReader, type Head } from './message-reader.js';

export interface Request {
  /** Default GET. */
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

export interface Response {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface ClientOptions {
  /** An IP address. Default `127.0.0.1`. */
  readonly host?: string;
  readonly port: number;
  /** Connections at a time; further requests wait. Default 1024. */
  readonly connections?: number;
}

interface Connection {
  readonly stream: Stream;
  readonly reader: MessageReader;
  /** Has answered a request before, so that the server may have closed it meanwhile. */
  used: boolean;
}

export class HttpClient {
  private readonly loop: Loop;
  private readonly host: string;
  private readonly port: number;
  private readonly places: Semaphore;
  private readonly idle: Connection[] = [];
  /** Of the request under way on a connection: a response to HEAD has no body, whatever it says. */
  private readonly headOnly = new WeakSet<Stream>();

  constructor(loop: Loop, { host = '127.0.0.1', port, connections = 1024 }: ClientOptions) {
    this.loop = loop;
    this.host = host;
    this.port = port;
    this.places = new Semaphore(loop, connections);
  }

  *get(path: string): Coroutine<Response> {
    return yield* this.request({ path });
  }

  *request(request: Request): Coroutine<Response> {
    const { method = 'GET', path } = request;
    yield* this.places.acquire();
    try {
      return yield* this.attempt(request, this.idle.pop() ?? null);
    } catch (cause) {
      if (!(cause instanceof Error) || cause.name === 'CancelledError') throw cause;
      throw new HttpRequestError(
        `${method} http://${this.host}:${this.port}${path}: ${cause.message}`,
        { cause },
      );
    } finally {
      this.places.release();
    }
  }

  /** Closes what is idle; connections in use close as their requests end. */
  close(): void {
    for (const { stream } of this.idle.splice(0)) stream.close();
  }

  private *attempt(request: Request, kept: Connection | null): Coroutine<Response> {
    const connection = kept ?? (yield* this.connect());
    let reusable = false;
    try {
      const head = yield* this.exchange(connection, request);
      // It had been closed while it was idle, and nothing was done yet: once more, on a new one.
      if (head === null && connection.used && isRepeatable(request)) {
        return yield* this.attempt(request, null);
      }
      if (head === null) throw new HttpParseError('the server closed without an answer');
      const body = yield* connection.reader.body();
      reusable = head.keepAlive;
      return { status: head.status, headers: head.headers, body };
    } finally {
      connection.used = true;
      // A request that was cut short leaves half an answer behind: nobody may read that.
      if (reusable) this.idle.push(connection);
      else connection.stream.close();
    }
  }

  /** Sends the request and waits for the head of its answer; null when the server had closed. */
  private *exchange(
    { stream, reader, used }: Connection,
    request: Request,
  ): Coroutine<Head | null> {
    if (request.method === 'HEAD') this.headOnly.add(stream);
    else this.headOnly.delete(stream);
    try {
      yield* stream.write(this.bytesOf(request));
      for (;;) {
        const part = yield* reader.next();
        if (part === null) return null;
        if (part.kind === 'head' && part.status >= 200) return part;
        // The interim answers (1xx) and their ends are passed over.
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (used && (code === 'ECONNRESET' || code === 'EPIPE')) return null;
      throw error;
    }
  }

  private *connect(): Coroutine<Connection> {
    const stream = yield* this.loop.io.connect({ host: this.host, port: this.port });
    const bodiless = () => this.headOnly.has(stream);
    return { stream, reader: new MessageReader(stream, 'RESPONSE', bodiless), used: false };
  }

  private bytesOf({ method = 'GET', path, headers = {}, body }: Request): Buffer {
    const lines = [`${method} ${path} HTTP/1.1`, `Host: ${this.host}:${this.port}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    const content = typeof body === 'string' ? Buffer.from(body) : body;
    if (content !== undefined) lines.push(`Content-Length: ${content.byteLength}`);
    const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    return content === undefined ? head : Buffer.concat([head, content]);
  }
}

function isRepeatable({ method = 'GET' }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}
