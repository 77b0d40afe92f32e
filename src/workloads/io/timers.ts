/**
 * `timers` (io): fan-out of sleeps; a job gathers twenty sleeps of 0 to 4 ms. Many jobs are in flight, so that the cost
 * of timers counts and not how long they sleep.
 */
import { gather } from '../../loop/combine.js';
import type { Coroutine, Loop } from '../../loop/policy.js';
import { portable } from '../../loop/portable.js';
import { sum } from '../../stats/moments.js';
import { seeded } from '../../stats/random.js';
import { defineWorkload } from '../../workload/define.js';

const FAN_OUT = 20;
const LONGEST_MS = 4;
const JOBS_IN_FLIGHT = 256;

export const fanOut = portable(
  import.meta.url,
  'fanOut',
  function* (loop, delays: readonly number[]) {
    const slept = yield* gather(
      loop,
      delays.map((ms) => () => sleeper(loop, ms)),
    );
    return `slept ${sum(slept, (ms) => ms)} ms`;
  },
);

/** Returns `ms` if it has slept as long. Made once: a generator function made for each sleep would cost more than the sleep. */
function* sleeper(loop: Loop, ms: number): Coroutine<number> {
  const began = loop.now();
  yield* loop.io.sleep(ms);
  return loop.now() - began >= ms ? ms : 0;
}

export const timers = defineWorkload({
  name: 'timers',
  kind: 'io',
  summary: `gather ${FAN_OUT} sleeps of 0 to ${LONGEST_MS} ms, ${JOBS_IN_FLIGHT} times at once`,
  job: fanOut,
  inputs({ seed }) {
    const random = seeded(seed);
    return Array.from({ length: 16 }, () =>
      Array.from({ length: FAN_OUT }, () => random.int(0, LONGEST_MS)),
    );
  },
  concurrency: JOBS_IN_FLIGHT,
});
