/**
 * Breadth first through a graph of 100,000 nodes whose neighbours have to be fetched.
 *
 * Level by level: the nodes of a level are asked for in batches, a few batches at a time (a semaphore holds
 * the others back, as a server would want it), and what they name and nobody has seen is the next level. The
 * fetching waits, the marking computes: the work is bound by both.
 */
import { gather } from '../../src/loop/combine.js';
import type { Coroutine } from '../../src/loop/future.js';
import { Semaphore } from '../../src/loop/sync.js';
import type { Example } from './example.js';

const NODES = 100_000;
const BATCH = 1000;
const AT_ONCE = 8;

/** Three for each; the last leads through all nodes, as 7919 and 100,000 have no common divisor. */
function neighboursOf(node: number): number[] {
  return [(2 * node + 1) % NODES, (3 * node + 2) % NODES, (node + 7919) % NODES];
}

export const example: Example = {
  title: 'breadth first over 100,000 fetched nodes, a few requests at a time',
  *main(loop, say) {
    const slots = new Semaphore(loop, AT_ONCE);
    const seen = new Uint8Array(NODES);
    let [visited, level, atOnce, mostAtOnce] = [1, [0], 0, 0];
    seen[0] = 1;

    const fetchAll = (nodes: readonly number[]) =>
      function* (): Coroutine<number[]> {
        yield* slots.acquire();
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        try {
          yield* loop.io.sleep(1);
          return nodes.flatMap(neighboursOf);
        } finally {
          atOnce--;
          slots.release();
        }
      };

    let depth = 0;
    for (; level.length > 0; depth++) {
      const batches: number[][] = [];
      for (let at = 0; at < level.length; at += BATCH) batches.push(level.slice(at, at + BATCH));
      level = [];
      for (const found of yield* gather(loop, batches.map(fetchAll))) {
        for (const node of found) {
          if (seen[node] === 1) continue;
          seen[node] = 1;
          visited++;
          level.push(node);
        }
      }
    }
    say(`visited ${visited} nodes in ${depth} levels`);
    say(mostAtOnce <= AT_ONCE ? `never more than ${AT_ONCE} requests at once` : 'too many at once');
  },
};
