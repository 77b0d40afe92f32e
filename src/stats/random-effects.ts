/**
 * The mean of values from several groups (here: hosts) that differ by more than their noise: each group has a level of
 * its own, drawn around the mean.
 *
 *   value of group i = mean + N(0, τ²) + N(0, vᵢ)        vᵢ: its noise, τ: how much groups differ
 *   weight           wᵢ = 1 / (vᵢ + τ²)
 *   mean             Σ wᵢ yᵢ / Σ wᵢ
 *
 * τ² is Paule and Mandel's ("Consensus Values and Weighting Factors", Journal of Research of the National Bureau of
 * Standards 87 (1982)): the one at which Q(τ²) = Σ wᵢ (yᵢ − mean)² is what it should be, groups − 1. Q falls as τ² grows,
 * so there is one such τ², or Q(0) is below that already and τ² is 0. DerSimonian and Laird's is the first step of an
 * iteration that ends there, and is too small where groups differ much (Veroniki et al., Research Synthesis Methods 7
 * (2016)). The interval of τ holds those at which Q is no unlikely value of χ² (Viechtbauer, Statistics in Medicine 26
 * (2007)).
 *
 * The interval of the mean is Hartung and Knapp's ("A Refined Method for the Meta-Analysis of Controlled Clinical
 * Trials", Statistics in Medicine 20 (2001)):
 *
 *   mean ± t(0.975, groups − 1) · √( Q(τ²) / (groups − 1) / Σ wᵢ )
 *
 * With equal weights it is Student's interval of the values. ± 1.96 / √Σ wᵢ would take τ² as known, which it is not from a
 * few groups.
 *
 * Pure. O(groups) for each of some hundred steps.
 */
import jStat from 'jstat';
import { InvalidArgumentError, quote } from '../text/errors.js';
import type { Estimate } from '../text/format.js';
import { sum } from './moments.js';

export interface GroupValue {
  readonly value: number;
  /** The variance of the value by the noise of its group alone; above 0. */
  readonly variance: number;
}

export interface RandomEffects {
  /** Its ends are null for a single group, which says nothing of the others. */
  readonly mean: Estimate;
  /** The standard deviation between groups; null for a single group. */
  readonly tau: Estimate | null;
}

export function randomEffects(groups: readonly GroupValue[]): RandomEffects {
  const [first] = groups;
  if (first === undefined) {
    throw new InvalidArgumentError('a mean over groups needs at least one, but got none');
  }
  const wrong = groups.find(({ value, variance }) => !(Number.isFinite(value) && variance > 0));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(
      `a group has a finite value and a variance above 0, but got ${quote(wrong)}`,
    );
  }
  if (groups.length === 1)
    return { mean: { point: first.value, low: null, high: null }, tau: null };
  const freedom = groups.length - 1;
  const tau2 = varianceAt(groups, freedom);
  const { mean, weight, q } = weighed(groups, tau2);
  const half = jStat.studentt.inv(0.975, freedom) * Math.sqrt(q / freedom / weight);
  const [low, high] = [0.975, 0.025].map((share) =>
    Math.sqrt(varianceAt(groups, jStat.chisquare.inv(share, freedom))),
  ) as [number, number];
  // With two groups, Q at the upper end is so small that τ² may be below the point's by rounding.
  const point = Math.sqrt(tau2);
  return {
    mean: { point: mean, low: mean - half, high: mean + half },
    tau: { point, low: Math.min(low, point), high: Math.max(high, point) },
  };
}

/** The mean, the sum of the weights, and Q. */
function weighed(
  groups: readonly GroupValue[],
  tau2: number,
): { mean: number; weight: number; q: number } {
  const weights = groups.map(({ variance }) => 1 / (variance + tau2));
  const weight = sum(weights, (each) => each);
  const mean =
    groups.reduce((all, { value }, at) => all + (weights[at] as number) * value, 0) / weight;
  const q = groups.reduce(
    (all, { value }, at) => all + (weights[at] as number) * (value - mean) ** 2,
    0,
  );
  return { mean, weight, q };
}

const STEPS = 200;

/** The τ² at which Q is `wanted`; 0 if Q is never so large. */
function varianceAt(groups: readonly GroupValue[], wanted: number): number {
  const isLarge = (tau2: number): boolean => weighed(groups, tau2).q > wanted;
  if (!isLarge(0)) return 0;
  let high = Math.max(...groups.map(({ variance }) => variance));
  while (isLarge(high)) high *= 2;
  let low = 0;
  for (let step = 0; step < STEPS && high - low > 1e-14 * high; step++) {
    const middle = (low + high) / 2;
    if (isLarge(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A variance, and the degrees of freedom that it is known by. */
export interface KnownVariance {
  readonly variance: number;
  readonly freedom: number;
}

/**
 * One variance for several groups, which are taken to be alike; null if nothing is known of any. Weights from each
 * group's own variance, known from a few values, follow chance: in `npm run bench:hosts`, whose hosts are not alike, 93.6
 * to 95.0% of such intervals hold the truth, and 94.8 to 95.5% of those with a common variance.
 */
export function pooledVariance(known: readonly KnownVariance[]): number | null {
  const told = known.filter(({ freedom }) => freedom > 0);
  const freedom = sum(told, (each) => each.freedom);
  return freedom === 0 ? null : sum(told, (each) => each.freedom * each.variance) / freedom;
}
