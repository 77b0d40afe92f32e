/**
 * The answer to one request, in one piece with `send`, or in several:
 *
 *   start(status) ─▶ write(bytes) … ─▶ end()       chunked; to HTTP/1.0 until the connection ends
 *
 * A write waits until the stream can take more, so a slow client slows down the handler.
 */
import { STATUS_CODES } from 'node:http';
import type { Coroutine } from '../../loop/policy.js';
import type { Stream } from '../../loop/io.js';
import { CancelledError, quote } from '../../loop/errors.js';
import { ClientGoneError, InvalidAnswerError } from './errors.js';
import { renderHeaders, type HeaderFields } from './headers.js';
import type { Head } from './message-reader.js';

const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const CRLF = Buffer.from('\r\n');

export class Response {
  private readonly stream: Stream;
  private readonly head: Head;
  private state: 'new' | 'streaming' | 'ended' = 'new';
  private chunked = false;
  /** Whether another request may follow on the connection. */
  keepAlive: boolean;
  /** Set when the client has gone. */
  failed: ClientGoneError | null = null;

  constructor(stream: Stream, head: Head) {
    this.stream = stream;
    this.head = head;
    this.keepAlive = head.keepAlive;
  }

  get started(): boolean {
    return this.state !== 'new';
  }

  get ended(): boolean {
    return this.state === 'ended';
  }

  /** Sends the whole answer. */
  *send(
    status: number,
    body: Uint8Array | string = '',
    headers: HeaderFields = {},
  ): Coroutine<void> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const length = bodyless(status) ? {} : { 'Content-Length': bytes.byteLength };
    const head = this.open(status, { ...headers, ...length });
    this.state = 'ended';
    const silent = this.head.method === 'HEAD' || bodyless(status) || bytes.byteLength === 0;
    yield* this.out(silent ? head : Buffer.concat([head, bytes]));
  }

  /** Sends the status and headers of an answer whose body is written in pieces. */
  *start(status: number, headers: HeaderFields = {}): Coroutine<void> {
    this.chunked = this.head.minor > 0;
    if (!this.chunked) this.keepAlive = false;
    const coding = this.chunked ? { 'Transfer-Encoding': 'chunked' } : {};
    const head = this.open(status, { ...headers, ...coding });
    this.state = 'streaming';
    yield* this.out(head);
  }

  /** Sends a piece of the body. */
  *write(piece: Uint8Array | string): Coroutine<void> {
    this.require('streaming', 'write');
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    if (bytes.byteLength === 0 || this.head.method === 'HEAD') return;
    if (!this.chunked) return yield* this.out(bytes);
    const size = Buffer.from(`${bytes.byteLength.toString(16)}\r\n`);
    yield* this.out(Buffer.concat([size, bytes, CRLF]));
  }

  *end(): Coroutine<void> {
    this.require('streaming', 'end');
    this.state = 'ended';
    if (this.chunked && this.head.method !== 'HEAD') yield* this.out(LAST_CHUNK);
  }

  private *out(bytes: Uint8Array): Coroutine<void> {
    try {
      yield* this.stream.write(bytes);
    } catch (cause) {
      if (cause instanceof CancelledError) throw cause;
      const what = `the client of ${this.head.method} ${quote(this.head.url)} is gone`;
      throw (this.failed = new ClientGoneError(what, { cause }));
    }
  }

  private open(status: number, headers: HeaderFields): Buffer {
    this.require('new', 'send');
    if (!Number.isInteger(status) || status < 200 || status > 999) {
      throw new InvalidAnswerError(`the status of an answer is 200 to 999, but got ${status}`);
    }
    const connection = this.keepAlive
      ? this.head.minor > 0
        ? ''
        : 'Connection: keep-alive\r\n'
      : 'Connection: close\r\n';
    const fields = renderHeaders(headers, InvalidAnswerError);
    const line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
    return Buffer.from(`${line}${connection}${fields}\r\n`, 'latin1');
  }

  private require(state: 'new' | 'streaming', verb: string): void {
    if (this.state === state) return;
    throw new InvalidAnswerError(
      state === 'new'
        ? `${verb}() was called on an answer that has begun: answer a request once`
        : `${verb}() was called on an answer that is ${this.state}: call start() first, end() last`,
    );
  }
}

function bodyless(status: number): boolean {
  return status === 204 || status === 304;
}
