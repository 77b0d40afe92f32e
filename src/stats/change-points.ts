/**
 * Where the level of a series changes, by binary segmentation:
 *
 *   value   ·  · ·                          split where the means of both sides differ most, in standard errors; if that
 *            ·    ·  |· ·  ·· |·  · ·       is beyond what the best of so many splits reaches by chance, split on each
 *                    |        | · ·         side again
 *
 * Each value has its own standard error. How much more values differ than these say (machines, days) is the caller's
 * `inflation`. A level that lasts for one value only is no change: it needs `LEAST` values on either side.
 *
 * Pure; O(n²) at worst.
 */
import { normalQuantile } from './normal.js';
import { robustDeviation } from './spread.js';

export interface Observation {
  readonly value: number;
  /** Of the value; above 0. */
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
    const [before, after] = [levelOf(series.slice(0, at)), levelOf(series.slice(at))];
    const error = inflation * Math.hypot(before.error, after.error);
    const score = Math.abs(after.value - before.value) / error;
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

/** The mean by precision, and its standard error. */
export function levelOf(series: readonly Observation[]): Observation {
  let [weights, weighted] = [0, 0];
  for (const { value, error } of series) {
    weights += 1 / error ** 2;
    weighted += value / error ** 2;
  }
  return { value: weighted / weights, error: 1 / Math.sqrt(weights) };
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
