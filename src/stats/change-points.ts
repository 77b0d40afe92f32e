/**
 * Where the level of a series changes, by binary segmentation:
 *
 *   value   ·  · ·                          split where the means of both sides differ most, in standard errors; if that
 *            ·    ·  |· ·  ·· |·  · ·       is beyond what the best of so many splits reaches by chance, split on each
 *                    |        | · ·         side again
 *
 * Each value has its own standard error. How much more values differ than these say (machines, days) is the caller's
 * `inflation`. A single value that is off is no change of level: a split counts with whichever value speaks most for it
 * left out.
 *
 * Pure; O(n²) for each change.
 */
import { normalQuantile } from './normal.js';
import { robustDeviation } from './spread.js';

export interface Observation {
  readonly value: number;
  /** The standard error of the value; above 0. */
  readonly error: number;
}

/** Values on either side of a change. */
const LEAST = 2;

/** The indices at which a new level begins, ascending. `alpha`: the chance that a series without a change has one. */
export function changePoints(
  series: readonly Observation[],
  { alpha, inflation = 1 }: { readonly alpha: number; readonly inflation?: number },
): number[] {
  const splits = series.length - 2 * LEAST + 1;
  if (splits < 1) return [];
  let best = { at: 0, score: 0 };
  for (let at = LEAST; at <= series.length - LEAST; at++) {
    const score = leastScore(series.slice(0, at), series.slice(at)) / inflation;
    if (score > best.score) best = { at, score };
  }
  if (best.score <= normalQuantile(1 - alpha / (2 * splits))) return [];
  const given = { alpha, inflation };
  return [
    ...changePoints(series.slice(0, best.at), given),
    best.at,
    ...changePoints(series.slice(best.at), given).map((at) => best.at + at),
  ];
}

/** How far the levels of both sides are apart, in standard errors, without the value that speaks most for it. */
function leastScore(before: readonly Observation[], after: readonly Observation[]): number {
  const [one, other] = [sumsOf(before), sumsOf(after)];
  const scores = [
    ...before.map((value) => apart(levelIn(without(one, value)), levelIn(other))),
    ...after.map((value) => apart(levelIn(one), levelIn(without(other, value)))),
  ];
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  return low > 0 ? low : high < 0 ? -high : 0; // of different signs: one value alone made it
}

function apart(before: Observation, after: Observation): number {
  return (after.value - before.value) / Math.hypot(before.error, after.error);
}

/** Of the weights of values, which are their precision, and of the weighted values. */
interface Sums {
  readonly weight: number;
  readonly weighted: number;
}

function sumsOf(series: readonly Observation[]): Sums {
  return series.reduce<Sums>(
    (sums, { value, error }) => ({
      weight: sums.weight + 1 / error ** 2,
      weighted: sums.weighted + value / error ** 2,
    }),
    { weight: 0, weighted: 0 },
  );
}

function without({ weight, weighted }: Sums, { value, error }: Observation): Sums {
  return { weight: weight - 1 / error ** 2, weighted: weighted - value / error ** 2 };
}

function levelIn({ weight, weighted }: Sums): Observation {
  return { value: weighted / weight, error: 1 / Math.sqrt(weight) };
}

/** The mean by precision, and its standard error. */
export function levelOf(series: readonly Observation[]): Observation {
  return levelIn(sumsOf(series));
}

/**
 * By which factor successive values differ more than their errors say, over all series; 1 at least. A change of level
 * is one difference among many, and hardly counts.
 */
export function inflationOf(all: readonly (readonly Observation[])[]): number {
  const steps = all.flatMap((series) =>
    series.slice(1).map(({ value, error }, at) => {
      const before = series[at] as Observation;
      return (value - before.value) / Math.hypot(error, before.error);
    }),
  );
  return steps.length < 2 ? 1 : Math.max(1, robustDeviation(steps));
}
