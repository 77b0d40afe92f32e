/** HTTP servers on the loop itself that answer after a given time: what the examples talk to. */
import type { Coroutine, Loop } from '../../src/loop/policy.js';
import { serveHttp, type HttpServer } from '../../src/workloads/http/server.js';

export interface BackEnds {
  readonly origins: readonly string[];
  /** The number of requests that were begun, and of those answered in full. */
  readonly seen: { asked: number; answered: number };
  close(): Coroutine<void>;
}

/** Opens one server for each delay in ms; the n-th answers `answer n to <path>`. */
export function* openBackEnds(loop: Loop, delaysMs: readonly number[]): Coroutine<BackEnds> {
  const seen = { asked: 0, answered: 0 };
  const servers: HttpServer[] = [];
  for (const [number, delayMs] of delaysMs.entries()) {
    const server = yield* serveHttp(loop, { port: 0 }, function* (request, response) {
      seen.asked++;
      yield* loop.io.sleep(delayMs);
      yield* response.send(200, `answer ${number + 1} to ${request.url}`);
      seen.answered++;
    });
    servers.push(server);
  }
  return {
    origins: servers.map(({ host, port }) => `http://${host}:${port}`),
    seen,
    *close() {
      for (const server of servers) yield* server.close();
    },
  };
}
