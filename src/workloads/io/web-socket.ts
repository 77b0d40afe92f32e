/**
 * `web-socket` (io): a WebSocket echo server under the policy, driven like `echo` (see there). `ws` makes and reads the
 * frames; the loop's own streams move them. A job is one message there and back.
 */
import { portable } from '../../loop/portable.js';
import type { Workload } from '../../workload/workload.js';
import { serveHttp } from '../http/server.js';
import { CONNECTIONS, announced, startEcho, type ServeInput } from './echo.js';

export const serveWebSocket = portable(
  import.meta.url,
  'serveWebSocket',
  function* (loop, input: ServeInput) {
    // Imported here, so that contestants of other workloads do not load `ws`.
    const { echo } = yield* loop.adopt(import('../http/web-socket.js'));
    const options = { port: 0, upgrade: echo };
    const server = yield* serveHttp(loop, options, function* (_request, response) {
      yield* response.send(426, 'this one speaks WebSocket');
    });
    yield* announced(loop, input, server.port);
    yield* server.close();
  },
);

export const webSocket: Workload = {
  name: 'web-socket',
  kind: 'io',
  summary: `WebSocket echo server, ${CONNECTIONS} connections, the client in a process of its own`,
  cases: [{ size: 1024 }],
  standard: 0,
  fixture: {
    module: new URL('../../fixture/web-socket-peer.js', import.meta.url).href,
    export: 'openWebSocketPeer',
  },
  start: (loop, setup) => startEcho(loop, setup, serveWebSocket),
};
