/**
 * Reads messages from a stream, in pieces and on demand:
 *
 *   head() ─▶ the start line and headers      chunk() ─▶ bytes of the body … ─▶ null, its end
 *
 * The parser calls back for everything that a read brought, which may be half a header or ten requests. This is kept
 * here as events until somebody asks, and the stream is read only when no event is left. So a peer that sends faster
 * than we work fills the stream's buffer, and then its own.
 */
import { methods } from 'http-parser-js';
import { CancelledError } from '../../loop/errors.js';
import type { Future } from '../../loop/future.js';
import type { Coroutine } from '../../loop/policy.js';
import type { Stream } from '../../loop/io.js';
import { BodyTooLargeError, HttpError, TruncatedMessageError } from './errors.js';
import { Headers } from './headers.js';
import { StrictParser, type HeadInfo, type Kind } from './strict-parser.js';

export interface Head {
  /** For a request. */
  readonly method: string;
  readonly url: string;
  /** For a response. */
  readonly status: number;
  readonly statusText: string;
  /** The `x` of `HTTP/1.x`. */
  readonly minor: number;
  readonly headers: Headers;
  readonly keepAlive: boolean;
  /** The bytes that follow belong to another protocol, see `rest`. */
  readonly upgrade: boolean;
}

export interface ReaderLimits {
  /** The maximum size of the start line and headers of a message, in bytes. Default 16 KiB, as in Node. */
  readonly maxHeaderBytes?: number;
  /** The maximum size of a body, in bytes. Default 64 MiB. */
  readonly maxBodyBytes?: number;
}

const END = Symbol('the end of a message');
type Event = Head | Uint8Array | typeof END;

export class MessageReader {
  /** The name of what is being read, for errors. */
  what: string;
  /** A response to HEAD has the headers of a body, but no body. */
  expectNoBody = false;
  /** Whether a request may change the protocol. */
  mayUpgrade: boolean;
  private readonly stream: Stream;
  private readonly parser: StrictParser;
  private readonly maxBodyBytes: number;
  private events: Event[] = [];
  private at = 0;
  /** A read that was started before its bytes were asked for. */
  private ahead: Future<Uint8Array | null> | null = null;
  /** Raised once everything before it has been handed out. */
  private failure: HttpError | null = null;
  /** The failure, once it has been raised. */
  failed: HttpError | null = null;
  private ended = false;
  /** A head was handed out, but not yet the end of its message. */
  private within = false;
  private upgraded: Uint8Array | null = null;

  constructor(
    stream: Stream,
    kind: Kind,
    what: string,
    options: ReaderLimits & { mayUpgrade?: boolean } = {},
  ) {
    this.stream = stream;
    this.what = what;
    this.mayUpgrade = options.mayUpgrade ?? false;
    this.maxBodyBytes = options.maxBodyBytes ?? 64 * 1024 * 1024;
    const events = {
      head: (info: HeadInfo) => this.onHead(kind, info),
      body: (bytes: Uint8Array) => void this.events.push(bytes),
      end: () => void this.events.push(END),
    };
    this.parser = new StrictParser(kind, events, options.maxHeaderBytes ?? 16 * 1024);
  }

  /** The next message, or null if the peer ended before one began. */
  *head(): Coroutine<Head | null> {
    const event = (yield* this.next()) as Head | null; // the last message was read to its end
    this.within = event !== null;
    return event;
  }

  /** The next bytes of the body; null once it has ended. */
  *chunk(): Coroutine<Uint8Array | null> {
    const event = yield* this.next();
    if (event !== END) return event as Uint8Array;
    this.within = false;
    return null;
  }

  /** Whether the message has been read to its end. Its body may be empty. */
  get complete(): boolean {
    return !this.within || this.events[this.at] === END;
  }

  /** Moves on from a message that is complete. */
  leave(): void {
    if (this.within) this.at++;
    this.within = false;
  }

  /** The rest of the body. */
  *body(): Coroutine<Buffer> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (let bytes = yield* this.chunk(); bytes !== null; bytes = yield* this.chunk()) {
      size += bytes.byteLength;
      if (size > this.maxBodyBytes) {
        const large = `the body of ${this.what} is larger than ${this.maxBodyBytes} bytes`;
        throw this.fail(
          new BodyTooLargeError(`${large}: raise maxBodyBytes, or read it chunk by chunk`),
        );
      }
      chunks.push(bytes);
    }
    const [only] = chunks;
    if (chunks.length === 1 && Buffer.isBuffer(only)) return only;
    return Buffer.concat(chunks, size);
  }

  /** Begins a read now. If nothing is due, bytes or an end make the connection unusable. */
  readAhead(): void {
    this.ahead = this.stream.read();
  }

  /** Whether something has arrived that nobody asked for. */
  get stirred(): boolean {
    return this.ahead?.done === true || this.at < this.events.length || this.failure !== null;
  }

  /** After an upgrade: the bytes behind the head, which belong to the new protocol. */
  rest(): Uint8Array {
    return this.upgraded ?? new Uint8Array(0);
  }

  private *next(): Coroutine<Event | null> {
    while (this.at === this.events.length) {
      this.events = [];
      this.at = 0;
      if (this.failure !== null) throw this.fail(this.failure);
      if (this.ended) return null;
      yield* this.read();
    }
    return this.events[this.at++] as Event;
  }

  private *read(): Coroutine<void> {
    const reading = this.ahead ?? this.stream.read();
    this.ahead = null;
    let bytes: Uint8Array | null;
    try {
      bytes = yield* reading;
    } catch (cause) {
      if (cause instanceof CancelledError) throw cause;
      if (this.parser.between) return void (this.ended = true); // between messages any end is a clean one
      const what = `the connection broke within ${this.what}: ${String(cause)}`;
      throw this.fail(new TruncatedMessageError(what, { cause }));
    }
    if (bytes === null) this.onEnd();
    else this.parse(bytes);
  }

  private parse(bytes: Uint8Array): void {
    try {
      const used = this.parser.feed(bytes);
      if (this.upgraded !== null) this.upgraded = bytes.subarray(used);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      // What came before the fault is valid, and is handed out first.
      const Class = error.constructor as new (message: string, options: ErrorOptions) => HttpError;
      this.failure = new Class(`${this.what}: ${error.message}`, { cause: error.cause });
    }
  }

  private fail(error: HttpError): HttpError {
    this.failure = error;
    this.failed = error;
    return error;
  }

  private onEnd(): void {
    this.ended = true;
    if (this.parser.ended()) return;
    this.failure = new TruncatedMessageError(`the connection ended within ${this.what}`);
  }

  private onHead(kind: Kind, info: HeadInfo): 'body' | 'no body' | 'upgrade' {
    const upgrade = info.upgrade && this.mayUpgrade;
    this.events.push({
      method: kind === 'REQUEST' ? (methods[info.method] as string) : '',
      url: info.url,
      status: info.statusCode,
      statusText: info.statusMessage,
      minor: info.versionMinor,
      headers: new Headers(info.headers),
      keepAlive: info.shouldKeepAlive,
      upgrade,
    });
    if (!upgrade) return this.expectNoBody ? 'no body' : 'body';
    this.upgraded = new Uint8Array(0);
    return 'upgrade';
  }
}
