/**
 * How the mean of one sample differs from that of another, when neither their spread nor their size
 * is the same: B. L. Welch, "The generalization of Student's problem when several different
 * population variances are involved", Biometrika 34 (1947).
 *
 *   s² = s²a / na + s²b / nb        ν = s⁴ / ((s²a / na)² / (na − 1) + (s²b / nb)² / (nb − 1))
 *
 * The samples are logs, so that a difference of means is a factor: `exp` of it, b over a.
 */
import jStat from 'jstat';
import type { Estimate } from '../text/format.js';
import { mean } from './moments.js';
import { NO_PRIOR, heldTo, type PriorSpread } from './prior-spread.js';

/** The priors for the samples' spread: a's, then b's. */
export type PriorPair = readonly [PriorSpread, PriorSpread];

const NOTHING: PriorPair = [NO_PRIOR, NO_PRIOR];

/** The factor from a to b, with its 95% interval. Null unless both have values; without ends if either has only one. */
export function change(
  a: readonly number[],
  b: readonly number[],
  priors = NOTHING,
): Estimate | null {
  if (a.length === 0 || b.length === 0) return null;
  const difference = mean(b) - mean(a);
  const point = Math.exp(difference);
  const spread = spreadOf(a, b, priors);
  if (spread === null) return { point, low: null, high: null };
  if (spread.error === 0) return { point, low: point, high: point };
  const half = jStat.studentt.inv(0.975, spread.freedom) * spread.error;
  return { point, low: Math.exp(difference - half), high: Math.exp(difference + half) };
}

/**
 * The smallest change that samples like these detect at 95% confidence with 80% power, as a share:
 * 0.06 for a factor of 1.06.
 *
 *   (t(0.975, ν) + t(0.8, ν)) · s
 *
 * H. S. Bloom, "Minimum Detectable Effects", Evaluation Review 19 (1995). From four degrees of
 * freedom on, its power is 80% to within two points; with two rounds a side it is some 75%.
 */
export function detectableChange(
  a: readonly number[],
  b: readonly number[],
  priors = NOTHING,
): number | null {
  const spread = spreadOf(a, b, priors);
  if (spread === null) return null;
  if (spread.error === 0) return 0;
  const t = (probability: number): number => jStat.studentt.inv(probability, spread.freedom);
  return Math.expm1((t(0.975) + t(0.8)) * spread.error);
}

/** The standard error and the degrees of freedom of the difference of means. */
function spreadOf(
  a: readonly number[],
  b: readonly number[],
  priors: PriorPair,
): { error: number; freedom: number } | null {
  if (a.length < 2 || b.length < 2) return null;
  const [ofA, ofB] = [heldTo(priors[0], a), heldTo(priors[1], b)];
  const va = ofA.variance / a.length;
  const vb = ofB.variance / b.length;
  return {
    error: Math.sqrt(va + vb),
    freedom: (va + vb) ** 2 / (va ** 2 / ofA.freedom + vb ** 2 / ofB.freedom),
  };
}
