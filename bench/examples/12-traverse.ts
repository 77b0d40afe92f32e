/**
 * Traverses a graph of 100,000 nodes breadth first; their neighbours must be fetched from a server.
 *
 * Level by level: the nodes of a level are requested a thousand at a time, a few requests at once (a semaphore holds
 * the others back, as a server would require), and the nodes in the answers that were not seen before are the next
 * level. The traversal is that of the `traverse` workload: `npm run bench -- --workload traverse`.
 */
import { neighboursOf, traverse } from '../../src/workloads/graph/graph.js';
import { HttpClient } from '../../src/workloads/http/client.js';
import { serveHttp } from '../../src/workloads/http/server.js';
import type { Example } from './example.js';

const NODES = 100_000;
const BATCH = 1000;
const AT_ONCE = 8;

export const example: Example = {
  title: 'breadth first over 100,000 fetched nodes, a few requests at a time',
  *main(loop, say) {
    let [atOnce, mostAtOnce] = [0, 0];
    const server = yield* serveHttp(loop, { port: 0 }, function* (request, response) {
      mostAtOnce = Math.max(mostAtOnce, ++atOnce);
      const nodes = JSON.parse((yield* request.body()).toString()) as number[];
      yield* loop.io.sleep(1);
      atOnce--;
      yield* response.send(200, JSON.stringify(nodes.flatMap((node) => neighboursOf(node, NODES))));
    });
    const client = new HttpClient(loop);
    const url = `http://127.0.0.1:${server.port}/neighbours`;
    try {
      const levels = yield* traverse(loop, {
        start: 0,
        nodes: NODES,
        batch: BATCH,
        atOnce: AT_ONCE,
        *ask(nodes) {
          const { body } = yield* client.request({ url, body: JSON.stringify(nodes) });
          return JSON.parse(body.toString()) as number[];
        },
      });
      const visited = levels.reduce((sum, level) => sum + level.length, 0);
      say(`visited ${visited} nodes in ${levels.length} levels`);
      say(
        mostAtOnce <= AT_ONCE ? `never more than ${AT_ONCE} requests at once` : 'too many at once',
      );
    } finally {
      client.close();
      yield* server.close();
    }
  },
};
