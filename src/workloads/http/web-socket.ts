/**
 * WebSocket on a loop's own streams: `ws` reads and writes the frames, the loop moves the bytes. RFC 6455.
 *
 *   upgrade request ─▶ 101 ─▶ bytes ─▶ ws' Receiver ─▶ messages ─▶ handler ─▶ ws' Sender ─▶ bytes
 */
import { createHash } from 'node:crypto';
import * as ws from 'ws';
import type { Coroutine, Loop } from '../../loop/policy.js';
import type { UpgradeHandler } from './server.js';

/** RFC 6455, section 1.3. */
const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const MOST_BYTES = 8 << 20;

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PONG = 10;

/** A part of `ws` that its types do not declare. */
interface Receiver {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): void;
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): void;
  on(event: 'ping', listener: (data: Buffer) => void): void;
  on(event: 'conclude', listener: (code: number, reason: Buffer) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
}

interface Framing {
  Receiver: new (options: { isServer: boolean; maxPayload: number }) => Receiver;
  Sender: { frame(data: Buffer, options: object): Buffer[] };
}

const { Receiver, Sender } = ws as unknown as Framing;

function frame(opcode: number, data: Buffer): Buffer {
  const options = { fin: true, rsv1: false, opcode, mask: false, readOnly: true };
  return Buffer.concat(Sender.frame(data, options));
}

function closing(code: number, reason: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  // 1005: the other side gave no code, and none goes back.
  return frame(CLOSE, code === 1005 ? Buffer.alloc(0) : Buffer.concat([head, reason]));
}

/** Sends every message back, answers pings, and closes as requested, or with the code of a fault. */
export const echo: UpgradeHandler = function* (request, stream, first, loop) {
  const key = request.headers.get('sec-websocket-key') ?? '';
  const accept = createHash('sha1')
    .update(key + ACCEPT)
    .digest('base64');
  const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
  yield* stream.write(Buffer.from(head));

  const receiver = new Receiver({ isServer: true, maxPayload: MOST_BYTES });
  const out: Buffer[] = [];
  let over = false;
  receiver.on('message', (data, isBinary) => out.push(frame(isBinary ? BINARY : TEXT, data)));
  receiver.on('ping', (data) => out.push(frame(PONG, data)));
  receiver.on('conclude', (code, reason) => {
    over = true;
    out.push(closing(code, reason));
  });
  receiver.on('error', (error) => {
    over = true;
    out.push(closing(codeOf(error)));
  });
  for (let bytes: Uint8Array | null = first; bytes !== null; bytes = yield* stream.read()) {
    if (bytes.byteLength > 0) yield* taken(loop, receiver, bytes);
    for (const piece of out.splice(0)) yield* stream.write(piece);
    if (over) break;
  }
  yield* stream.end();
};

/** Feeds bytes until the receiver wants more. An error is an event of its own. */
function* taken(loop: Loop, receiver: Receiver, bytes: Uint8Array): Coroutine<void> {
  yield* loop.adopt(new Promise<void>((resolve) => receiver.write(bytes, () => resolve())));
}

function codeOf(error: Error): number {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'WS_ERR_INVALID_UTF8':
      return 1007;
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
      return 1009;
    default:
      return 1002;
  }
}
