/**
 * `http-parser-js`, made strict. It is a port of Node's first parser and just as forgiving, which a server cannot be:
 * requests are smuggled where two ends read one message differently. It skips a line without a colon, takes
 * `Content-Length: x` and a chunk of size `x` as an end, and its limit of the headers counts bodies and is forgotten
 * after each message.
 *
 * So this class bounds what the parser consumes line by line, and checks its headers and chunk sizes. The overridden
 * methods are the parser's own states, private only in its types: if one is renamed, the tests show it.
 */
import { HTTPParser } from 'http-parser-js';
import { quote } from '../../loop/errors.js';
import { HeaderTooLargeError, MalformedMessageError } from './errors.js';

export type Kind = 'REQUEST' | 'RESPONSE';

/** The start line and the headers, as the parser found them. */
export interface HeadInfo {
  readonly versionMinor: number;
  readonly versionMajor: number;
  /** Names and values in turn. */
  readonly headers: string[];
  /** An index into `methods`. */
  readonly method: number;
  readonly url: string;
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly shouldKeepAlive: boolean;
  upgrade: boolean;
}

/** The parser's callbacks. An error thrown in one comes out of `feed`. */
export interface ParserEvents {
  /** Decides what happens to the body; `upgrade`: the message ends here, and so does HTTP. */
  head(info: HeadInfo): 'body' | 'no body' | 'upgrade';
  body(bytes: Uint8Array): void;
  end(): void;
}

const NO_BODY = 1;
const NOTHING_MORE = 2;

interface Internals {
  offset: number;
  body_bytes: number | null;
  state: string;
  initialize(type: Kind): void;
  execute(chunk: Buffer): number | Error;
  finish(): void | Error;
  consumeLine(): string | undefined;
}
const Base = HTTPParser as unknown as new (type: Kind) => Internals;

// The parser's default encoding masks the eighth bit, so that some letters would become line ends.
HTTPParser.encoding = 'latin1';

const HEADER = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*((?:.*[^ \t])|)/;
const CHUNK_SIZE = /^[\da-f]{1,12}[ \t]*(?:;|$)/i;

export class StrictParser extends Base {
  private readonly kind: Kind;
  private readonly mostLineBytes: number;
  /** Bytes of the start line, headers and trailers so far, or of a chunk's size line. */
  private lineBytes = 0;

  constructor(kind: Kind, events: ParserEvents, mostLineBytes: number) {
    super(kind);
    this.kind = kind;
    this.mostLineBytes = mostLineBytes;
    const on = this as unknown as Record<number, unknown>;
    on[HTTPParser.kOnHeadersComplete] = (info: HeadInfo) => {
      checkLength(kind, info.headers);
      const then = events.head(info);
      info.upgrade = then === 'upgrade'; // otherwise it would stop in the middle of a chunk
      return then === 'upgrade' ? NOTHING_MORE : then === 'no body' ? NO_BODY : 0;
    };
    on[HTTPParser.kOnBody] = (bytes: Uint8Array) => events.body(bytes);
    on[HTTPParser.kOnMessageComplete] = () => events.end();
  }

  /** Returns how many of the bytes are HTTP: all, unless the protocol was changed within them. */
  feed(bytes: Uint8Array): number {
    const buffer = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const consumed = this.execute(buffer);
    if (typeof consumed === 'number') return consumed;
    if (consumed instanceof MalformedMessageError || consumed instanceof HeaderTooLargeError) {
      throw consumed;
    }
    const excerpt = buffer.toString('latin1', 0, 60);
    throw new MalformedMessageError(`not HTTP/1.1: ${quote(excerpt)}`, { cause: consumed });
  }

  /** Whether no part of a message has come yet. */
  get between(): boolean {
    return this.state === `${this.kind}_LINE` && this.lineBytes === 0;
  }

  /** The connection has ended. Returns false if that cuts a message short. */
  ended(): boolean {
    return this.between || (this.state === 'BODY_RAW' && this.finish() === undefined);
  }

  /** Called by the parser after each message. The base method would also forget the limit. */
  reinitialize(kind: Kind): void {
    this.initialize(kind);
  }

  override initialize(kind: Kind): void {
    super.initialize(kind);
    this.lineBytes = 0;
  }

  override consumeLine(): string | undefined {
    const before = this.offset;
    const line = super.consumeLine();
    this.lineBytes += this.offset - before;
    if (this.lineBytes > this.mostLineBytes) {
      throw new HeaderTooLargeError(`the headers are larger than ${this.mostLineBytes} bytes`);
    }
    return line;
  }

  parseHeader(line: string, headers: string[]): void {
    const match = HEADER.exec(line);
    if (match === null || line.includes('\r') || line.includes('\0')) {
      throw new MalformedMessageError(`not a header: ${quote(line)}`);
    }
    headers.push(match[1] as string, match[2] as string);
  }

  BODY_CHUNKHEAD(): void {
    const line = this.consumeLine();
    if (line === undefined) return;
    if (!CHUNK_SIZE.test(line))
      throw new MalformedMessageError(`not a chunk's size: ${quote(line)}`);
    this.lineBytes = 0;
    this.body_bytes = Number.parseInt(line, 16);
    this.state = this.body_bytes === 0 ? 'BODY_CHUNKTRAILERS' : 'BODY_CHUNK';
  }
}

/** The length of the body must be given in one way only, and one that the parser understands. */
function checkLength(kind: Kind, headers: readonly string[]): void {
  let lengths = 0;
  let codings = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = (headers[i] as string).toLowerCase();
    const value = headers[i + 1] as string;
    if (name === 'content-length') {
      lengths++;
      if (!/^\d{1,15}$/.test(value)) {
        throw new MalformedMessageError(`not a Content-Length: ${quote(value)}`);
      }
    } else if (name === 'transfer-encoding') {
      codings++;
      if (value.toLowerCase() !== 'chunked') {
        throw new MalformedMessageError(`a Transfer-Encoding other than chunked: ${quote(value)}`);
      }
    }
  }
  if (codings > 1 || (kind === 'REQUEST' && codings > 0 && lengths > 0)) {
    throw new MalformedMessageError('the length of the body is told twice');
  }
}
