/**
 * HTTP/1.1 messages from a loop's stream: `http-parser-js` pushes, this is pulled.
 *
 *   stream.read() ─▶ parser.execute ─▶ parts:  head  bytes bytes  end  head  end …
 *                                        │
 *                                      next() takes them one by one, and reads on when there is none
 *
 * So a message that is pipelined behind another waits here, in order, and nothing is read from the
 * stream before somebody wants it: backpressure is the stream's own.
 */
import { HTTPParser } from 'http-parser-js';
import type { Coroutine } from '../../src/loop/future.js';
import type { Stream } from '../../src/loop/io.js';
import { HttpParseError } from './errors.js';

/** Bytes of one message's head. On the class, since a parser takes it from there for each message. */
HTTPParser.maxHeaderSize = 32 * 1024;

export interface Head {
  readonly kind: 'head';
  /** Of a request. */
  readonly method: string;
  readonly url: string;
  /** Of a response. */
  readonly status: number;
  /** Names in lower case; of a name that comes twice, the values with a comma between. */
  readonly headers: ReadonlyMap<string, string>;
  readonly keepAlive: boolean;
  readonly upgrade: boolean;
}

export type Part =
  Head | { readonly kind: 'bytes'; readonly bytes: Buffer } | { readonly kind: 'end' };

const END: Part = { kind: 'end' };

export class MessageReader {
  private readonly stream: Stream;
  private readonly parser: InstanceType<typeof HTTPParser>;
  private readonly parts: Part[] = [];
  private upgraded = false;
  private leftOver: Buffer = Buffer.alloc(0);
  private ended = false;
  /** Whether any byte of a message has come that is not complete. */
  private within = false;

  /** `bodiless` says of a response, by its status, that no body follows whatever its head says. */
  constructor(
    stream: Stream,
    type: 'REQUEST' | 'RESPONSE',
    bodiless: (status: number) => boolean = () => false,
  ) {
    this.stream = stream;
    const parser = new HTTPParser(HTTPParser[type]);
    parser[HTTPParser.kOnHeadersComplete] = (info) => {
      const { upgrade, shouldKeepAlive, statusCode = 0, url = '', method } = info;
      this.upgraded = upgrade;
      this.parts.push({
        kind: 'head',
        method: HTTPParser.methods[method] ?? '',
        url,
        status: statusCode,
        headers: headersOf(info.headers),
        keepAlive: shouldKeepAlive,
        upgrade,
      });
      return !upgrade && bodiless(statusCode) ? 1 : 0;
    };
    parser[HTTPParser.kOnBody] = (chunk, offset, length) => {
      this.parts.push({ kind: 'bytes', bytes: chunk.subarray(offset, offset + length) });
    };
    parser[HTTPParser.kOnMessageComplete] = () => {
      this.within = false;
      this.parts.push(END);
    };
    this.parser = parser;
  }

  /** The next part, or null when the other end has closed between two messages. */
  *next(): Coroutine<Part | null> {
    for (;;) {
      const part = this.parts.shift();
      if (part !== undefined) return part;
      if (this.ended) return null;
      const bytes = yield* this.stream.read();
      if (bytes === null) this.finish();
      else this.execute(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    }
  }

  /** The rest of the message's body in one piece. */
  *body(): Coroutine<Buffer> {
    const chunks: Buffer[] = [];
    for (;;) {
      const part = yield* this.next();
      if (part === null) throw new HttpParseError('the connection closed within a body');
      if (part.kind === 'end')
        return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      if (part.kind === 'bytes') chunks.push(part.bytes);
    }
  }

  /** After an upgrade: what came behind the head and belongs to the new protocol. */
  get rest(): Buffer {
    return this.leftOver;
  }

  private execute(chunk: Buffer): void {
    this.within = true;
    const done = this.parser.execute(chunk, 0, chunk.length);
    if (typeof done !== 'number') {
      throw new HttpParseError(
        `this is no HTTP (${done.message}): ${JSON.stringify(chunk.toString('latin1', 0, 60))}`,
        { cause: done },
      );
    }
    if (this.upgraded) this.leftOver = chunk.subarray(done);
  }

  private finish(): void {
    this.ended = true;
    const error = this.parser.finish();
    if (error instanceof Error || this.within) {
      throw new HttpParseError('the connection closed within a message');
    }
  }
}

function headersOf(list: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i + 1 < list.length; i += 2) {
    const name = (list[i] as string).toLowerCase();
    const value = list[i + 1] as string;
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return headers;
}
