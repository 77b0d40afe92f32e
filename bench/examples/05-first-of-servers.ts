/**
 * Servers that pass on the first answer of several back ends: one that speaks plain TCP, one that speaks HTTP.
 *
 * Each connection, and each request, is a task of its own with a race inside. The losers of a race are
 * cancelled before its answer goes out, so that a slow back end costs nothing but its own time.
 */
import { firstCompleted } from '../../src/loop/combine.js';
import type { Coroutine } from '../../src/loop/policy.js';
import { HttpClient } from '../../src/workloads/http/client.js';
import { serveHttp } from '../../src/workloads/http/server.js';
import { openBackEnds } from './back-ends.js';
import type { Example } from './example.js';

const DELAYS_MS = [300, 15, 200];
const CLIENTS = 5;

export const example: Example = {
  title: 'a TCP and an HTTP server, answered by the first of several back ends',
  *main(loop, say) {
    const backEnds = yield* openBackEnds(loop, DELAYS_MS);
    const client = new HttpClient(loop);

    function* first(path: string): Coroutine<string> {
      const asks = backEnds.origins.map((origin) => () => client.get(`${origin}${path}`));
      const [answer] = yield* firstCompleted(loop, asks);
      return answer?.body.toString() ?? '';
    }

    const tcp = yield* loop.io.listen({ port: 0 }, function* (stream) {
      const asked = yield* stream.read();
      const answer = yield* first(
        `/${Buffer.from(asked ?? [])
          .toString()
          .trim()}`,
      );
      yield* stream.write(Buffer.from(`${answer}\n`));
      yield* stream.end();
    });
    const http = yield* serveHttp(loop, { port: 0 }, function* (request, response) {
      yield* response.send(200, yield* first(request.url));
    });

    try {
      const stream = yield* loop.io.connect({ port: tcp.port });
      yield* stream.write(Buffer.from('tcp\n'));
      let said = '';
      for (let bytes = yield* stream.read(); bytes !== null; bytes = yield* stream.read()) {
        said += Buffer.from(bytes).toString();
      }
      stream.close();
      say(said.trim());
      const visits = Array.from({ length: CLIENTS }, (_, visitor) =>
        loop.spawn(() => client.get(`http://127.0.0.1:${http.port}/visitor-${visitor}`)),
      );
      for (const visit of visits) say((yield* visit).body.toString());
    } finally {
      client.close();
      yield* tcp.close();
      yield* http.close();
      yield* backEnds.close();
    }
  },
};
