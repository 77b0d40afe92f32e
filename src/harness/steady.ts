/**
 * Decides whether a contestant is warm, from windows of its work:
 *
 *   rate      │          ▁▃▇▇█▇▇▇█▇▇     warm: neither the rate nor what the process's other threads do
 *   other     │ ▆▇▇█▇▅▃▂▁▁▁▁▁▁▁▁▁▁▁     has changed since `settled`, which is as long ago as all that was before
 *   threads   └──────────┬──────────▶
 *                     settled
 *
 * The rate alone is not enough: two windows at a fifth of the final rate are level, too, while the compilers are at
 * work. Compilers run on threads of their own, so the CPU use of a process's other threads falls when they are done, in
 * any runtime. What remains is that of the collector, or of a pool.
 *
 * The second half of the windows is the evidence: its two halves must be level. The contestant settled at the first
 * moment that is as high as they are. On a noisy machine some later moment is low by chance, which does not count.
 *
 * Pure; O(n²) for n windows.
 */
import { mean, sum } from '../stats/moments.js';
import { median } from '../stats/quantile.js';
import { robustDeviation } from '../stats/spread.js';

export interface WarmUpWindow {
  /** Jobs and ms of its samples. */
  readonly jobs: number;
  readonly ms: number;
  /** All jobs, including those between samples and at the end. */
  readonly allJobs: number;
  /** Cores kept busy by threads other than the main one; 0 where the system does not report it. */
  readonly otherCores: number;
}

/** The share by which a rate may still rise, and the cores by which the other threads' use may still fall. */
const RISE = 0.03;
const FALL = 0.1;
/** The number of windows that make up a moment. */
const MOMENT = 4;
/**
 * Differences below this many standard errors count as chance: on a noisy machine levels differ though nothing changes.
 */
const CHANCE = 2;

/** Jobs done when the contestant had settled; null until it has been settled for as long as it took to get there. */
export function jobsUntilSettled(windows: readonly WarmUpWindow[]): number | null {
  const half = windows.length >> 1;
  if (windows.length - half < 2 * MOMENT) return null;
  const levels = [
    levelOf(
      windows.map(({ jobs, ms }) => Math.log(jobs / ms)),
      RISE,
    ),
    levelOf(
      windows.map(({ otherCores }) => -otherCores),
      FALL,
    ),
  ];
  if (!levels.every(({ steady }) => steady)) return null;
  for (let at = 0; at <= half; at++) {
    if (levels.every(({ reached }) => reached(at))) {
      return sum(windows.slice(0, at + 1), ({ allJobs }) => allJobs);
    }
  }
  return null;
}

/**
 * For values that rise until they settle: whether the second half is steady, and whether a moment is as high as its
 * end.
 */
function levelOf(values: readonly number[], least: number) {
  const last = values.slice(values.length >> 1);
  const middle = last.length >> 1;
  const [earlier, later] = [median(last.slice(0, middle)), median(last.slice(middle))];
  // From one window to the next, since a step or a slope is not noise.
  const steps = last.slice(1).map((value, at) => value - (last[at] as number));
  const deviation = robustDeviation(steps) / Math.SQRT2;
  const within = (rise: number, variance: number): boolean =>
    rise <= Math.max(least, CHANCE * deviation * Math.sqrt(variance));
  return {
    steady: within(later - earlier, 2 / middle),
    reached: (at: number): boolean =>
      within(later - mean(values.slice(at, at + MOMENT)), 1 / MOMENT + 1 / middle),
  };
}

/** Jobs per ms: the median of the windows. */
export function rateOf(windows: readonly WarmUpWindow[]): number {
  return median(windows.map(({ jobs, ms }) => jobs / ms));
}
