/**
 * An HTTP/1.1 server on a loop's own streams. A connection's requests are answered in order, one at
 * a time: what is pipelined waits in the reader, and what is not read yet in the network.
 */
import { STATUS_CODES } from 'node:http';
import type { Coroutine } from '../../src/loop/future.js';
import type { ListenOptions, Server, Stream } from '../../src/loop/io.js';
import type { Loop } from '../../src/loop/policy.js';
import { Connections } from '../../src/workload/connections.js';
import { HttpParseError } from './errors.js';
import { MessageReader, type Head } from './message-reader.js';

export interface Incoming extends Head {
  /** Read to its end before the handler is called. */
  readonly body: Buffer;
}

export interface Reply {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** All of it, or a function that writes it piece by piece; that is sent in chunks. */
  readonly body?: string | Uint8Array | ((write: Write) => Coroutine<void>);
  /** What is to be done behind the answer, before the connection's next request is read. */
  readonly after?: () => Coroutine<void>;
  /** Answers 101 and hands the connection over; `rest` came with the request and belongs to it. */
  readonly upgrade?: (stream: Stream, rest: Buffer) => Coroutine<void>;
}

/** Waits until the connection can take more. */
export type Write = (piece: string | Uint8Array) => Coroutine<void>;

export type Handler = (request: Incoming, loop: Loop) => Coroutine<Reply>;

/** Told of handlers that threw; the client gets a 500 without details. */
export type OnHandlerError = (error: unknown, request: Incoming) => void;

export interface HttpServer extends Server {
  /** Until no connection is open. */
  ended(): Coroutine<void>;
}

export function* serveHttp(
  loop: Loop,
  on: ListenOptions,
  handler: Handler,
  onError: OnHandlerError = (error) => process.emitWarning(error as Error),
): Coroutine<HttpServer> {
  const connections = new Connections(loop);
  const server = yield* loop.io.listen(on, (stream) =>
    connections.serve(stream, connection(loop, stream, handler, onError)),
  );
  return {
    host: server.host,
    port: server.port,
    close: () => server.close(),
    ended: () => connections.ended(),
  };
}

function* connection(
  loop: Loop,
  stream: Stream,
  handler: Handler,
  onError: OnHandlerError,
): Coroutine<void> {
  const reader = new MessageReader(stream, 'REQUEST');
  try {
    for (;;) {
      const head = yield* reader.next();
      if (head === null) return;
      if (head.kind !== 'head') continue;
      const body = head.upgrade ? Buffer.alloc(0) : yield* reader.body();
      const request = { ...head, body };
      const reply = yield* answer(loop, request, handler, onError);
      if (reply.upgrade !== undefined) {
        yield* stream.write(headOf(101, { Connection: 'Upgrade', ...reply.headers }));
        return yield* reply.upgrade(stream, reader.rest);
      }
      yield* send(stream, request, reply);
      if (reply.after !== undefined) yield* reply.after();
      if (!head.keepAlive) return;
    }
  } catch (error) {
    if (error instanceof HttpParseError) yield* refuse(stream, error);
    else if (!isGone(error)) throw error;
  }
}

function* answer(
  loop: Loop,
  request: Incoming,
  handler: Handler,
  onError: OnHandlerError,
): Coroutine<Reply> {
  try {
    return yield* handler(request, loop);
  } catch (error) {
    if (error instanceof Error && error.name === 'CancelledError') throw error;
    onError(error, request);
    return { status: 500, body: 'internal error\n' };
  }
}

function* send(stream: Stream, { method, keepAlive }: Head, reply: Reply): Coroutine<void> {
  const { status = 200, body = '' } = reply;
  const headers = { ...reply.headers, ...(keepAlive ? {} : { Connection: 'close' }) };
  if (typeof body === 'function') {
    yield* stream.write(headOf(status, { ...headers, 'Transfer-Encoding': 'chunked' }));
    if (method === 'HEAD') return;
    yield* body(function* (piece) {
      const bytes = Buffer.from(piece as string);
      if (bytes.length === 0) return; // a chunk of no bytes would be the end
      yield* stream.write(
        Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, CRLF]),
      );
    });
    yield* stream.write(LAST_CHUNK);
    return;
  }
  const bytes = Buffer.from(body as string);
  const head = headOf(status, { ...headers, 'Content-Length': String(bytes.length) });
  yield* stream.write(method === 'HEAD' ? head : Buffer.concat([head, bytes]));
}

const CRLF = Buffer.from('\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

function headOf(status: number, headers: Readonly<Record<string, string>>): Buffer {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** What is no HTTP gets one answer, and then the connection's end. */
function* refuse(stream: Stream, error: HttpParseError): Coroutine<void> {
  const body = `${error.message}\n`;
  const headers = { Connection: 'close', 'Content-Length': String(Buffer.byteLength(body)) };
  try {
    yield* stream.write(Buffer.concat([headOf(400, headers), Buffer.from(body)]));
  } catch (failure) {
    if (!isGone(failure)) throw failure;
  }
}

/** The client is gone, which is its right. */
function isGone(error: unknown): boolean {
  const { name, code = '' } = error as NodeJS.ErrnoException;
  return name === 'StreamStateError' || ['ECONNRESET', 'EPIPE', 'ECANCELED'].includes(code);
}
