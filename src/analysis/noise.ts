/**
 * How noisy the machine was, from two figures of each slice: how long the main thread was ready to run but had no core,
 * and how long a fixed piece of work took just before the slice.
 */
import type { Cell, Results, Slice } from '../documents/results.js';
import { sum } from '../stats/moments.js';
import { median } from '../stats/quantile.js';
import { robustDeviation } from '../stats/spread.js';
import { formatShare } from '../text/format.js';

/** Levels from the quietest on: each gives the largest delay and spread that is still called so. */
const LEVELS = [
  { delay: 0.01, spread: 0.03, words: 'quiet' },
  { delay: 0.05, spread: 0.1, words: 'a little noisy' },
  { delay: 0.15, spread: 0.3, words: 'noisy: intervals are wider for it' },
] as const;
const WORST = 'so noisy that only large differences show: measure again when it is idle';

export function noiseOf(cells: readonly Pick<Cell, 'rounds'>[]): Results['noise'] {
  const processes = cells
    .flatMap(({ rounds }) => rounds.map(({ slices }) => toldBy(slices)))
    .filter(({ length }) => length > 0);
  const told = processes.flat();
  if (told.length < 2) return null;
  // Pulses are compared only within their own process: compilers make the same loop faster in one process than in
  // another.
  const pulses = processes.flatMap((slices) => {
    const known = slices.map(({ pulseUs }) => pulseUs).filter((us) => us > 0);
    return known.length === 0 ? [] : known.map((us) => us / median(known));
  });
  if (pulses.length === 0) return null;
  const delayShare = sum(told, ({ delayUs }) => delayUs) / 1000 / sum(told, ({ ms }) => ms);
  // A thousand are enough for a spread, which takes time quadratic in their number.
  const some = pulses.filter((_, at) => at % Math.ceil(pulses.length / 1000) === 0);
  const pulseSpread = robustDeviation(some);
  const level = LEVELS.find(({ delay, spread }) => delayShare <= delay && pulseSpread <= spread);
  const sentence =
    `The machine was ${level?.words ?? WORST} (waiting for a core ${formatShare(delayShare)} of the ` +
    `time, speed spread ${formatShare(pulseSpread)}).`;
  return { delayShare, pulseSpread, sentence };
}

type Told = NonNullable<Slice['noise']> & { readonly ms: number };

/**
 * Slices with noise figures, and their whole time: the wait of a slice covers all its jobs, not only the timed ones.
 */
function toldBy(slices: readonly Slice[]): Told[] {
  return slices.flatMap(({ noise, ms, jobs, allJobs }) =>
    noise === undefined || jobs === 0 ? [] : [{ ...noise, ms: (ms * allJobs) / jobs }],
  );
}
