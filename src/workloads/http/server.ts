/**
 * An HTTP/1.1 server on a loop's own streams. Each connection is a task:
 *
 *   read a head ─▶ handler(request, response) ─▶ skip what it left of the body ─▶ read a head …
 *
 * Requests are handled one after the other, so answers to pipelined requests are in order, and the next request is not
 * read before the handler has returned: work that the handler does behind its answer holds its client back. A request
 * that is not valid HTTP is answered with 400 (headers too large: 431, body: 413). A handler that fails is answered
 * with 500 or, once its answer has begun, by closing the connection.
 */
import { STATUS_CODES } from 'node:http';
import { CancelledError, quote } from '../../loop/errors.js';
import type { ListenOptions, Server, Stream } from '../../loop/io.js';
import type { Coroutine, Loop } from '../../loop/policy.js';
import { timeout } from '../../loop/timeout.js';
import {
  BodyTooLargeError,
  HeaderTooLargeError,
  HttpError,
  InvalidAnswerError,
  MalformedMessageError,
} from './errors.js';
import type { Headers } from './headers.js';
import { MessageReader, type Head, type ReaderLimits } from './message-reader.js';
import { Response } from './response.js';

export interface HttpServerOptions extends ListenOptions, ReaderLimits {
  /** Takes over connections whose client asks for another protocol. Without it they get a normal answer. */
  readonly upgrade?: UpgradeHandler;
  /** Called when a handler failed. Default: a process warning. */
  readonly onError?: (error: unknown, what: string) => void;
}

export type HttpHandler = (request: Request, response: Response, loop: Loop) => Coroutine<void>;

/**
 * `first`: the bytes that the client has sent behind its request. The connection is closed when the handler returns.
 */
export type UpgradeHandler = (
  request: Request,
  stream: Stream,
  first: Uint8Array,
  loop: Loop,
) => Coroutine<void>;

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  /** Stops listening, closes what is idle, and waits for the requests under way. */
  close(): Coroutine<void>;
}

export class Request {
  readonly method: string;
  /** The target as it was sent: most often a path and a query. */
  readonly url: string;
  readonly headers: Headers;
  private readonly reader: MessageReader;
  private readonly stream: Stream;
  private continues: boolean;

  /** @internal */
  constructor(head: Head, reader: MessageReader, stream: Stream) {
    this.method = head.method;
    this.url = head.url;
    this.headers = head.headers;
    this.reader = reader;
    this.stream = stream;
    this.continues = head.headers.get('expect')?.toLowerCase() === '100-continue';
  }

  /** The whole body. */
  *body(): Coroutine<Buffer> {
    yield* this.askForBody();
    return yield* this.reader.body();
  }

  /** The next bytes of the body; null at its end. */
  *chunk(): Coroutine<Uint8Array | null> {
    yield* this.askForBody();
    return this.reader.complete ? null : yield* this.reader.chunk();
  }

  /** @internal whether the client still waits for `100 Continue` before it sends the body */
  get unasked(): boolean {
    return this.continues;
  }

  private *askForBody(): Coroutine<void> {
    if (!this.continues) return;
    this.continues = false;
    yield* this.stream.write(Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'));
  }
}

export function* serveHttp(
  loop: Loop,
  options: HttpServerOptions,
  handler: HttpHandler,
): Coroutine<HttpServer> {
  const open = new Set<HttpConnection>();
  const server = yield* loop.io.listen(options, function* (stream) {
    const connection = new HttpConnection(loop, stream, options, handler);
    open.add(connection);
    try {
      yield* connection.serve();
      yield* stream.end(); // here, so that nothing of the connection is left when the server is closed
    } finally {
      open.delete(connection);
      connection.gone.offer();
    }
  });
  return { host: server.host, port: server.port, close: () => close(server, open) };
}

function* close(server: Server, open: ReadonlySet<HttpConnection>): Coroutine<void> {
  yield* server.close();
  for (const connection of open) connection.closeSoon();
  for (const connection of open) yield* connection.gone;
}

/** How long a refused client may take to read the refusal, in ms. */
const LINGER_MS = 1000;
/** The most bytes of an unread body that are skipped. With more, a new connection costs the client less. */
const MOST_SKIPPED = 256 * 1024;

function statusOf(error: HttpError): number | null {
  if (error instanceof MalformedMessageError) return 400;
  if (error instanceof HeaderTooLargeError) return 431;
  if (error instanceof BodyTooLargeError) return 413;
  return null; // truncated: nobody is left to answer
}

class HttpConnection {
  readonly gone;
  private readonly loop: Loop;
  private readonly stream: Stream;
  private readonly options: HttpServerOptions;
  private readonly handler: HttpHandler;
  private readonly reader: MessageReader;
  private busy = false;
  /** The response to the request under way. */
  private response: Response | null = null;
  private closing = false;

  constructor(loop: Loop, stream: Stream, options: HttpServerOptions, handler: HttpHandler) {
    this.gone = loop.future<void>();
    this.loop = loop;
    this.stream = stream;
    this.options = options;
    this.handler = handler;
    const what = `a request of ${stream.remote.host}:${stream.remote.port}`;
    const mayUpgrade = options.upgrade !== undefined;
    this.reader = new MessageReader(stream, 'REQUEST', what, { ...options, mayUpgrade });
  }

  /** Closes after the request under way, or now if there is none. */
  closeSoon(): void {
    this.closing = true;
    if (this.response !== null) this.response.keepAlive = false;
    if (!this.busy) this.stream.close();
  }

  *serve(): Coroutine<void> {
    try {
      do this.busy = false;
      while (yield* this.next());
    } catch (error) {
      if (error !== this.reader.failed) throw error;
      const status = statusOf(error as HttpError);
      if (status !== null) yield* this.refuse(status);
    }
  }

  /** Handles one request; returns whether another may follow. */
  private *next(): Coroutine<boolean> {
    const { reader, stream, options, loop } = this;
    const head = yield* reader.head();
    if (head === null) return false;
    this.busy = true;
    if (head.minor > 0 && head.headers.get('host') === undefined) {
      yield* this.refuse(400);
      return false;
    }
    const request = new Request(head, reader, stream);
    if (head.upgrade) {
      yield* (options.upgrade as UpgradeHandler)(request, stream, reader.rest(), loop);
      return false;
    }
    const response = new Response(stream, head);
    this.response = response;
    if (this.closing) response.keepAlive = false;
    if (!(yield* this.answer(request, response))) return false;
    if (!response.keepAlive || this.closing || request.unasked) return false;
    for (let skipped = 0; !reader.complete;) {
      skipped += (yield* reader.chunk())?.byteLength ?? 0;
      if (skipped > MOST_SKIPPED) return false;
    }
    reader.leave();
    return true;
  }

  /** Returns whether the answer is complete. */
  private *answer(request: Request, response: Response): Coroutine<boolean> {
    try {
      yield* this.handler(request, response, this.loop);
      if (!response.started) throw new InvalidAnswerError('the handler returned without an answer');
      if (!response.ended) yield* response.end();
      return this.reader.failed === null;
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      if (error === response.failed) return false;
      // If the request turned out to be invalid while the handler read it, the handler is not to blame.
      if (error === this.reader.failed) {
        if (response.started) return false;
        throw error;
      }
      this.report(error, `the handler of ${request.method} ${quote(request.url)}`);
      if (response.ended) return true;
      if (response.started) return false;
      yield* response.send(500, 'Internal Server Error\n');
      return true;
    }
  }

  /** Lingers before closing: a connection closed with unread bytes is reset, and the client might miss the answer. */
  private *refuse(status: number): Coroutine<void> {
    const { stream } = this;
    try {
      const line = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
      yield* stream.write(Buffer.from(`${line}Connection: close\r\nContent-Length: 0\r\n\r\n`));
      yield* stream.end();
      yield* timeout(this.loop, LINGER_MS, function* () {
        while ((yield* stream.read()) !== null);
      });
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      // Otherwise the client is gone, or has had its time.
    }
  }

  private report(error: unknown, what: string): void {
    if (this.options.onError !== undefined) this.options.onError(error, what);
    else process.emitWarning(`${what} failed: ${quote(error)}`, 'HttpServerWarning');
  }
}
