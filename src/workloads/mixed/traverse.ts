/**
 * `traverse` (mixed): a job traverses a graph of 1,000 nodes breadth first, each job from another start. An HTTP server
 * outside knows the neighbours; each request asks for those of 50 nodes.
 */
import { createHash } from 'node:crypto';
import { defineWorkload } from '../../workload/define.js';
import { portable } from '../../loop/portable.js';
import { seeded } from '../../stats/random.js';
import { traverse } from '../graph/graph.js';
import { fetchBody, originsOf } from '../site/client.js';

export const NODES = 1000;
export const BATCH = 50;
const REQUESTS_AT_ONCE = 4;
const JOBS_IN_FLIGHT = 4;

export interface TraverseInput {
  readonly origin: string;
  readonly start: number;
}

export const traverseGraph = portable(
  import.meta.url,
  'traverseGraph',
  function* (loop, { origin, start }: TraverseInput) {
    const levels = yield* traverse(loop, {
      start,
      nodes: NODES,
      batch: BATCH,
      atOnce: REQUESTS_AT_ONCE,
      *ask(nodes) {
        const body = yield* fetchBody(loop, `${origin}/neighbours/${nodes.join()}`);
        return body.toString().split(',').map(Number);
      },
    });
    const order = levels.flat();
    const hash = createHash('sha1').update(Uint32Array.from(order)).digest('hex');
    return `${order.length} nodes in ${levels.length} levels, ${hash}`;
  },
);

export const traverseWorkload = defineWorkload({
  name: 'traverse',
  kind: 'mixed',
  summary: `breadth first through a graph of ${NODES.toLocaleString('en')} nodes, asked for ${BATCH} at a time over HTTP, ${JOBS_IN_FLIGHT} times at once`,
  standard: 0,
  fixture: { module: new URL('../../fixture/sites.js', import.meta.url).href, export: 'openGraph' },
  job: traverseGraph,
  inputs({ seed, facts }) {
    const random = seeded(seed);
    const [origin] = originsOf(facts) as [string];
    return Array.from({ length: 16 }, () => ({ origin, start: random.int(0, NODES - 1) }));
  },
  concurrency: JOBS_IN_FLIGHT,
});
