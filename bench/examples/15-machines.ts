/**
 * From one thread to threads to two machines, by changing one line. `count` is the whole program: it submits portable
 * jobs and adds what they give. Which policy opens its loop is the one line.
 *
 *   one thread     queue.open()
 *   threads        workers.open({ threads: 2 })
 *   two machines   nats.open({ agents: 2 })      with agents elsewhere: nats.open({ servers: 'nats://…' })
 *
 * The two machines are two agents beside a server on this one: separate processes that share nothing with the program
 * but the server. Without nats-server, that part says what to install.
 */
import { gather } from '../../src/loop/combine.js';
import type { Coroutine, Loop } from '../../src/loop/policy.js';
import { nats } from '../../src/policies/nats/index.js';
import { queue } from '../../src/policies/queue/index.js';
import { workers } from '../../src/policies/workers/index.js';
import type { Example } from './example.js';
import { primesIn } from './primes-in.js';

const PARTS = 20;
const SIZE = 5000;

const places = [
  { name: 'one thread', open: () => queue.open() },
  { name: 'threads', open: () => workers.open({ threads: 2 }) },
  { name: 'two machines', open: () => nats.open({ agents: 2 }) },
];

function* count(loop: Loop): Coroutine<{ primes: number; places: number }> {
  const parts = yield* gather(
    loop,
    Array.from({ length: PARTS }, (_, at) =>
      loop.submit(primesIn, { from: at * SIZE, to: (at + 1) * SIZE }),
    ),
  );
  return {
    primes: parts.reduce((sum, { primes }) => sum + primes, 0),
    places: new Set(parts.map(({ where }) => where)).size,
  };
}

export const example: Example = {
  title: 'one program on one thread, on threads and on two machines',
  // It opens its own loops: one run shows all of them.
  suits: ({ name }) => name === 'queue',
  *main(outer, say) {
    const available = yield* outer.adopt(nats.probe());
    for (const { name, open } of places) {
      if (name === 'two machines' && !available.ok) {
        say(`${name}: ${available.reason}: ${available.remedy}`);
        continue;
      }
      const loop = (yield* outer.adopt(open())) as Loop;
      const { primes, places: used } = yield* outer.adopt(loop.run(() => count(loop)));
      yield* outer.adopt(loop.close());
      say(`${name}: ${primes} primes, counted in ${used === 1 ? '1 place' : 'several places'}`);
    }
  },
};
