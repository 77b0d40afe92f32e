/**
 * Echo over WebSocket: the server runs on the loop, and an independent client (`ws`, on Node's own sockets) talks to
 * it: sizes around every limit of the framing, fragments with a ping between them, and input that must be refused.
 */
import { once } from 'node:events';
import WebSocket from 'ws';
import { serveHttp } from '../../src/workloads/http/server.js';
import type { Example, Say } from './example.js';
import { echo } from '../../src/workloads/http/web-socket.js';

/** Lengths take 7, 16 or 64 bits. */
const SIZES = [0, 1, 125, 126, 65_535, 65_536, 1 << 20];

export const example: Example = {
  title: 'echo over WebSocket, with a client library that others wrote',
  *main(loop, say) {
    const server = yield* serveHttp(
      loop,
      { port: 0, upgrade: echo },
      function* (_request, response) {
        yield* response.send(426, 'this one speaks WebSocket');
      },
    );
    try {
      yield* loop.adopt(converse(`ws://127.0.0.1:${server.port}`, say));
    } finally {
      yield* server.close();
    }
  },
};

async function converse(url: string, say: Say): Promise<void> {
  const socket = await opened(url);
  for (const size of SIZES) {
    const data = Buffer.alloc(size, 'loop');
    socket.send(data);
    const [back, isBinary] = (await heard(socket, 'message')) as [Buffer, boolean];
    if (!(isBinary && back.equals(data))) say(`${size} bytes came back changed`);
  }
  say(`${SIZES.length} sizes, the largest ${SIZES.at(-1)} bytes`);

  const pong = heard(socket, 'pong');
  socket.send('one mess', { fin: false });
  socket.ping('still there?');
  socket.send('age in two', { fin: true });
  const [message] = (await heard(socket, 'message')) as [Buffer];
  say(`${message.toString()}; pong: ${String((await pong)[0])}`);

  socket.close(1000, 'done');
  const [code, reason] = (await heard(socket, 'close')) as [number, Buffer];
  say(`closed with ${code}, ${reason.toString()}`);

  // Bytes that are not valid text, sent as text: RFC 6455 requires code 1007, and the connection is closed.
  const rude = await opened(url);
  rude.send(Buffer.from([0xc3, 0x28]), { binary: false });
  const [refused] = (await heard(rude, 'close')) as [number];
  say(`no UTF-8: closed with ${refused}`);
}

/** The data of an event. A connection that is closed instead is an error, so that this never waits for ever. */
function heard(socket: WebSocket, event: 'message' | 'pong' | 'close'): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const closed = (code: number): void => reject(new Error(`closed with ${code}`));
    socket.once(event, (...brought: unknown[]) => {
      socket.off('close', closed);
      resolve(brought);
    });
    socket.once('close', closed);
  });
}

async function opened(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  return socket;
}
