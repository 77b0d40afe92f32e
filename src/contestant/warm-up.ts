/**
 * Warms a session up: by slices that do not count, until their rate has stopped rising.
 *
 *   rate   │                ┌────┐┌────┐      some 25 ms each, with all that measures
 *          │      ┌────┐┌────┐    ││    │
 *          │┌────┐│    ││    │    ││    │      flat: the best of the later half is at most 5% above
 *          └┴────┴┴────┴┴────┴────┴┴────┴─▶    the best of the earlier
 *           earlier half      later half
 *
 * Halves, since the compilers' work is not one slope: the rate of an echo server stands still for 100 ms between
 * two tiers. The best, since a slow slice (a collection, another tenant of the machine) says nothing. And slices,
 * since what begins, times and ends one is code, too: after a warm-up of plain work, the eight slices of an echo
 * server under `uv` did 47, 57, 52, 70, 81, 58, 100 and 80 messages a ms (Node 20).
 *
 * The bound is there for work that never gets flat, and it is told when it was reached.
 */
import type { Loop } from '../loop/policy.js';
import type { Session } from '../workload/workload.js';

interface WarmUp {
  /** The best slice's. */
  jobsPerMs: number;
  ms: number;
  flat: boolean;
}

/** What still counts as noise. */
const RISE = 1.05;
/** A batch may grow to this many jobs; guards against work that takes no time. */
const MOST_JOBS = 1 << 20;

interface WarmUpOptions {
  readonly leastMs: number;
  readonly mostMs: number;
  /** A slice of the work; its jobs and ms. */
  readonly slice: () => Promise<{ readonly jobs: number; readonly ms: number }>;
}

export async function warmUp({ leastMs, mostMs, slice }: WarmUpOptions): Promise<WarmUp> {
  const began = performance.now();
  const rates: number[] = [];
  for (;;) {
    const { jobs, ms } = await slice();
    rates.push(jobs / ms);
    const spent = performance.now() - began;
    const flat = spent >= leastMs && isFlat(rates);
    if (flat || spent >= mostMs) return { jobsPerMs: Math.max(...rates), ms: spent, flat };
  }
}

export function isFlat(rates: readonly number[]): boolean {
  const half = Math.floor(rates.length / 2);
  return Math.max(...rates.slice(half)) <= RISE * Math.max(...rates.slice(0, half));
}

/** About how many jobs take `sampleMs`: batches double until one does. */
export async function calibrate(loop: Loop, session: Session, sampleMs: number): Promise<number> {
  for (let batch = 1; ; batch *= 2) {
    const began = performance.now();
    await loop.run(() => session.batch(batch));
    if (performance.now() - began < sampleMs && batch < MOST_JOBS) continue;
    await loop.run(() => session.rest());
    return batch;
  }
}
