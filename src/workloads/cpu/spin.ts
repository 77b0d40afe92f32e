/**
 * `spin` (cpu, on request): jobs of any size, made to be swept along its parameters: `us` µs of arithmetic per job,
 * `bytes` of input, `io` as the share of a job's time that is waiting, `concurrency` jobs in flight.
 *
 * A job does a number of steps and does not watch the clock. So its work is the same on every policy, and a thread that
 * had to wait for a core has done nothing meanwhile. The fixture finds out how many steps take 1 µs, on the core that
 * contestants work on (`spin-speed.ts`).
 */
import { portable } from '../../loop/portable.js';
import { seeded } from '../../stats/random.js';
import { jobSession } from '../../workload/job-session.js';
import type { Workload } from '../../workload/workload.js';

export interface SpinInput {
  readonly seed: number;
  readonly steps: number;
  /** Sleep after the steps, in ms; 0 for none. */
  readonly waitMs: number;
  readonly payload: Uint8Array;
}

/** Marsaglia's xorshift of 32 bits: every step needs the one before, so none can be optimised away. */
export function burn(seed: number, steps: number): number {
  let x = seed;
  for (let i = 0; i < steps; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x >>> 0;
}

export const spinJob = portable(
  import.meta.url,
  'spinJob',
  function* (loop, { seed, steps, waitMs, payload }: SpinInput) {
    const burnt = burn(seed, steps);
    if (waitMs > 0) yield* loop.io.sleep(waitMs);
    return `${burnt} ${payload.length} ${payload.at(-1) ?? 0}`;
  },
);

const INPUTS = 4;

export const spin: Workload = {
  name: 'spin',
  kind: 'cpu',
  summary: 'arithmetic of a given size, with a given input and share of waiting: made to be swept',
  cases: [{ us: 200, bytes: 0, io: 0, concurrency: 4 }],
  parameters: {
    us: 'µs per job',
    bytes: 'bytes of input',
    io: 'of the time waiting',
    concurrency: 'jobs in flight',
  },
  standard: 0,
  fixture: {
    module: new URL('../../fixture/spin-speed.js', import.meta.url).href,
    export: 'openSpinSpeed',
  },
  *start(loop, { params, seed, facts, latency }) {
    const random = seeded(seed);
    const [us, io] = [Number(params['us']), Number(params['io'])];
    const steps = Math.max(1, Math.round(us * (1 - io) * Number(facts['stepsPerUs'])));
    const inputs = Array.from({ length: INPUTS }, () => ({
      seed: random.int(1, 0x7fffffff),
      steps,
      waitMs: (us * io) / 1000,
      payload: new Uint8Array(Number(params['bytes'])).fill(random.int(0, 255)),
    }));
    const concurrency = Number(params['concurrency']);
    return jobSession(loop, { job: spinJob, inputs, concurrency, latency });
  },
};
