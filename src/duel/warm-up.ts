/**
 * Warms a session up until its rate has stopped rising.
 *
 *   rate   │            ┌────┐┌────┐┌────┐      a window of some 25 ms each
 *          │      ┌────┐│    ││    ││    │
 *          │┌────┐│    ││    ││    ││    │      flat: for two windows in a row the rate was at
 *          └┴────┴┴────┴┴────┴┴────┴┴────┴─▶     most 5% above the best before
 *
 * But not before `leastMs`: the compilers' work is not one slope, and a rate stands still for some 100 ms
 * between two tiers. Pairs of the same echo server spread by 13 and 18% (`microtask`, `queue`; 8 pairs) after
 * 150 ms, by 2.3 and 4.6% after 250.
 *
 * The best so far and not the last one, since a single slow window (a collection, another tenant of
 * the machine) would make the next one look like progress. The bound is there for work that never
 * gets flat, and it is told when it was reached.
 */
import type { Loop } from '../loop/policy.js';
import type { Session } from '../workload/workload.js';

interface WarmUp {
  /** The best window's. */
  jobsPerMs: number;
  ms: number;
  flat: boolean;
}

/** What still counts as noise, and how many windows without more than that are enough. */
const RISE = 1.05;
const FLAT_WINDOWS = 2;
/** A batch may grow to this many jobs; guards against work that takes no time. */
const MOST_JOBS = 1 << 20;

interface WarmUpOptions {
  readonly windowMs: number;
  readonly leastMs: number;
  readonly mostMs: number;
  /** About how long a batch should become. */
  readonly sampleMs: number;
}

export async function warmUp(
  loop: Loop,
  session: Session,
  options: WarmUpOptions,
): Promise<WarmUp> {
  const { windowMs, leastMs, mostMs, sampleMs } = options;
  const began = performance.now();
  let batch = 1;
  let best = 0;
  let flatFor = 0;
  for (;;) {
    const start = performance.now();
    const before = session.done;
    let now = start;
    while (now - start < windowMs) {
      const batchBegan = now;
      await loop.run(() => session.batch(batch));
      now = performance.now();
      if (now - batchBegan < sampleMs && batch < MOST_JOBS) batch *= 2;
    }
    const rate = (session.done - before) / (now - start);
    flatFor = rate <= best * RISE ? flatFor + 1 : 0;
    best = Math.max(best, rate);
    const flat = flatFor >= FLAT_WINDOWS && now - began >= leastMs;
    if (flat || now - began >= mostMs) {
      await loop.run(() => session.rest());
      return { jobsPerMs: best, ms: now - began, flat };
    }
  }
}
