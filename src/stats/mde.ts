/**
 * The minimum detectable effect: the smallest shift that a design finds four times out of five.
 *
 * A stage finds a shift where Wilcoxon's one-sided test has p < alpha and the Hodges–Lehmann shift
 * is above a threshold; a design finds what all its stages find, each on new pairs. For noise of
 * deviation σ that is about normal, n pairs tell the shift to within
 *
 *   se = σ / √(n · 3/π)                             3/π, Wilcoxon's efficiency beside the t-test's
 *   power(δ) = Π Φ((δ − critical) / se)             critical = max(t(1 − alpha) · se, threshold)
 *
 * (Lehmann, "Nonparametrics: Statistical Methods Based on Ranks", 1975, 4.2). t is Student's, n − 1
 * degrees of freedom, as a test does not know σ: with a normal z, 20 pairs at 0.01 would find 75% of
 * what they say they find 80% of. The power grows with δ, so the effect that has it is found by
 * halving; for one stage it is critical + z(power) · se.
 *
 * Assumed: independent pairs, one symmetric distribution that a slowdown only moves, about normal
 * where most of it lies. For such pairs, 20 or more, the power found by simulation is 80% ± 3 points
 * (see the tests), and 76 to 84% with tails as heavy as Laplace's, Student's with 3 degrees, or one
 * outlier in ten of ten times the spread.
 */
import jStat from 'jstat';
import { InvalidArgumentError, quote } from '../text/errors.js';
import { normalCdf, normalQuantile } from './normal.js';

export interface Stage {
  /** How many pairs, at least two. */
  pairs: number;
  /** Level of the one-sided test. */
  alpha: number;
  /** In the unit of the pairs; none unless told. */
  threshold?: number;
}

const EFFICIENCY = 3 / Math.PI;

/** The share of runs in which all stages find a shift of `effect`. */
export function powerOf(effect: number, deviation: number, stages: readonly Stage[]): number {
  return stages.reduce((power, stage) => {
    const { se, critical } = limitsOf(stage, deviation);
    if (se === 0) return effect > critical ? power : 0;
    return power * normalCdf((effect - critical) / se);
  }, 1);
}

/** In the unit of `deviation`, which `robustDeviation` of the pairs estimates. */
export function minimumDetectableEffect(
  deviation: number,
  stages: readonly Stage[],
  power = 0.8,
): number {
  if (!(deviation >= 0)) {
    throw new InvalidArgumentError(
      `a deviation is 0 or more, but got ${quote(deviation)}: pass robustDeviation(pairs)`,
    );
  }
  if (!(power > 0 && power < 1)) {
    throw new InvalidArgumentError(
      `power lies between 0 and 1, but got ${quote(power)}: 0.8 is usual`,
    );
  }
  if (stages.length === 0) throw new InvalidArgumentError('a design has stages, but got none');
  const found = (share: number): number[] =>
    stages.map((stage) => {
      const { se, critical } = limitsOf(stage, deviation);
      return critical + normalQuantile(share) * se;
    });
  // Where one stage alone finds too little, and where none misses more than its part of 1 − power.
  let low = Math.min(...found(power));
  let high = Math.max(...found(1 - (1 - power) / stages.length));
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return high;
    if (powerOf(middle, deviation, stages) < power) low = middle;
    else high = middle;
  }
}

function limitsOf(stage: Stage, deviation: number): { se: number; critical: number } {
  const { pairs, alpha, threshold = 0 } = stage;
  if (!(pairs >= 2)) {
    throw new InvalidArgumentError(`a stage has two pairs or more, but got ${quote(pairs)}`);
  }
  if (!(alpha > 0 && alpha < 1)) {
    throw new InvalidArgumentError(
      `alpha lies between 0 and 1, but got ${quote(alpha)}: 0.01 is usual`,
    );
  }
  const t = jStat.studentt.inv(1 - alpha, pairs - 1);
  const se = deviation / Math.sqrt(pairs * EFFICIENCY);
  return { se, critical: Math.max(t * se, threshold) };
}
