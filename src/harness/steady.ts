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
 * The second half of the windows is the evidence: its two halves are level. It has settled with the first moment that
 * is as high as they are. On a noisy machine some later moment is low by chance, and does not count.
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
  /** Those between samples and at the end, too. */
  readonly allJobs: number;
  /** Cores that threads other than the main one kept busy; 0 where the system does not say. */
  readonly otherCores: number;
}

/** Shares by which a rate may still rise, and cores by which the other threads may still fall. */
const RISE = 0.03;
const FALL = 0.1;
/** Windows that stand for a moment. */
const MOMENT = 4;
/** Standard errors that are chance: on a noisy machine levels differ though nothing changes. */
const CHANCE = 2;

/** Jobs that were done when it had settled; null while it has not, for as long as it took to get there. */
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

/** Of values that rise until they have settled: whether the second half is steady, and a moment as high as its end. */
function levelOf(values: readonly number[], least: number) {
  const last = values.slice(values.length >> 1);
  const middle = last.length >> 1;
  const [earlier, later] = [median(last.slice(0, middle)), median(last.slice(middle))];
  // From one window to the next: a step or a slope is no noise.
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

/** Jobs a ms, as most windows have it. */
export function rateOf(windows: readonly WarmUpWindow[]): number {
  return median(windows.map(({ jobs, ms }) => jobs / ms));
}
