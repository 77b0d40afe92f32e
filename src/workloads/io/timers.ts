/**
 * `timers` (io): fan-out of sleeps; a job gathers twenty sleeps of 0 to 4 ms. Many jobs are in flight, so that the cost
 * of timers counts and not how long they sleep.
 */
import { gather } from '../../loop/combine.js';
import { portable } from '../../loop/portable.js';
import { seeded } from '../../stats/random.js';
import { defineWorkload } from '../../workload/define.js';

const FAN_OUT = 20;
const LONGEST_MS = 4;
const JOBS_IN_FLIGHT = 64;

export const fanOut = portable(
  import.meta.url,
  'fanOut',
  function* (loop, delays: readonly number[]) {
    let slept = 0;
    const sleepers = delays.map((ms) =>
      loop.spawn(function* () {
        const began = loop.now();
        yield* loop.io.sleep(ms);
        if (loop.now() - began >= ms) slept += ms;
      }),
    );
    yield* gather(loop, sleepers);
    return `slept ${slept} ms`;
  },
);

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
