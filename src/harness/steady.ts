/**
 * Whether a contestant is warm, from windows of its work:
 *
 *   rate      │          ▁▃▇▇█▇▇▇█▇▇     warm: neither the rate nor what the process's other threads do
 *   other     │ ▆▇▇█▇▅▃▂▁▁▁▁▁▁▁▁▁▁▁     has changed since `settled`, which is as long ago as all that was before
 *   threads   └──────────┬──────────▶
 *                     settled
 *
 * The rate alone is not enough: two windows at a fifth of the final rate are flat, too, while the compilers are
 * at work. They run on threads of their own, so what the others of a process burn falls when they are done, in
 * any runtime. What stays is the collector's, or a pool's.
 *
 * The second half of the windows is the evidence; the first half tells when it settled. On a noisy machine some
 * moment or other is always low: so none of the second half is looked at alone.
 *
 * Pure; O(n log n) for n windows.
 */
import { sum } from '../stats/moments.js';
import { median } from '../stats/quantile.js';
import { robustDeviation } from '../stats/spread.js';

export interface Window {
  readonly jobs: number;
  readonly ms: number;
  /** Cores that threads other than the main one kept busy; 0 where the system does not say. */
  readonly otherCores: number;
}

/** Shares by which a rate may still rise, and cores by which the other threads may still fall. */
const RISE = 0.03;
const FALL = 0.1;
/** Windows of which the median stands for a moment: one slow window says nothing. */
const MOMENT = 4;
/** Standard errors that are chance: on a noisy machine medians differ though nothing changes. */
const CHANCE = 2;

/** Jobs that were done when it had settled; null while it has not, for as long as it took to get there. */
export function jobsUntilSettled(windows: readonly Window[]): number | null {
  const last = windows.slice(-Math.ceil(windows.length / 2));
  if (last.length < 2 * MOMENT) return null;
  const rates = levelOf(last, ({ jobs, ms }) => Math.log(jobs / ms), RISE);
  const others = levelOf(last, ({ otherCores }) => otherCores, FALL);
  if (rates.later - rates.earlier > rates.noise) return null;
  if (others.earlier - others.later > others.noise) return null;
  let settled = 0;
  for (let at = 0; at + MOMENT <= windows.length - last.length; at++) {
    const moment = windows.slice(at, at + MOMENT);
    const rate = median(moment.map(({ jobs, ms }) => Math.log(jobs / ms)));
    const other = median(moment.map(({ otherCores }) => otherCores));
    if (rates.later - rate > rates.momentNoise || other - others.later > others.momentNoise) {
      settled = at + 1;
    }
  }
  return sum(windows.slice(0, settled + 1), ({ jobs }) => jobs);
}

/** The medians of the halves of some windows, and by how much those, or that of a moment, differ by chance. */
function levelOf(windows: readonly Window[], of: (window: Window) => number, least: number) {
  const values = windows.map(of);
  const half = values.length >> 1;
  const [earlier, later] = [median(values.slice(0, half)), median(values.slice(half))];
  // About their own half's median: a step between the halves is no noise.
  const deviation = robustDeviation(
    values.map((value, at) => value - (at < half ? earlier : later)),
  );
  const noiseOf = (n: number): number => Math.max(least, CHANCE * deviation * Math.sqrt(2 / n));
  return { earlier, later, noise: noiseOf(half), momentNoise: noiseOf(MOMENT) };
}

/** Jobs a ms, as most windows have it. */
export function rateOf(windows: readonly Window[]): number {
  return median(windows.map(({ jobs, ms }) => jobs / ms));
}
