/**
 * The interval of any statistic, from how it varies over samples drawn from the sample: Efron,
 * "Better Bootstrap Confidence Intervals", JASA 82 (1987).
 *
 *   percentile   the α/2 and 1 − α/2 quantiles of the statistic over the resamples
 *   BCa          the same at shares moved for bias z₀ and skewness a, so that it is right to second
 *                order:  Φ(z₀ + (z₀ + z) / (1 − a (z₀ + z)))     z the normal quantile of the share
 *
 * z₀ comes from the share of resamples below the estimate, a from leaving out one value at a time:
 * a = Σ d³ / (6 (Σ d²)^1.5), d the mean of the left-out estimates less each. The same seed gives the
 * same interval everywhere. Time: (resamples + n) evaluations of the statistic.
 */
import { InvalidArgumentError, quote } from '../loop/errors.js';
import { seeded, type Random } from '../random.js';
import type { Interval } from './mean-interval.js';
import { mean } from './moments.js';
import { normalCdf, normalQuantile } from './normal.js';
import { quantileOfSorted } from './quantile.js';

export type Statistic = (values: readonly number[]) => number;

export interface BootstrapOptions {
  seed: number;
  /** 2000 unless told. */
  resamples?: number;
  /** 0.95 unless told. */
  confidence?: number;
  /** 'bca' unless told. */
  method?: 'bca' | 'percentile';
}

/** `count` rows drawn with replacement: as many as there are, unless told. */
export function resample<T>(rows: readonly T[], random: Random, count = rows.length): T[] {
  if (rows.length === 0) {
    throw new InvalidArgumentError('rows are drawn from at least one, but got none: record some');
  }
  return Array.from({ length: count }, () => random.pick(rows));
}

/** The point is the statistic of the values. One value alone has no ends. */
export function bootstrapInterval(
  values: readonly number[],
  statistic: Statistic,
  { seed, resamples = 2000, confidence = 0.95, method = 'bca' }: BootstrapOptions,
): Interval {
  if (!(Number.isInteger(resamples) && resamples > 0)) {
    throw new InvalidArgumentError(
      `resamples are a whole number above 0, but got ${quote(resamples)}: 2000 is usual`,
    );
  }
  const random = seeded(seed);
  const point = statistic(values);
  if (values.length === 1) return { point, low: null, high: null };
  const spread = Array.from({ length: resamples }, () => statistic(resample(values, random)));
  const shares = [(1 - confidence) / 2, (1 + confidence) / 2];
  return intervalOf(
    spread,
    point,
    method === 'bca' ? bcaShares(shares, spread, point, leaveOneOut(values, statistic)) : shares,
  );
}

/** The statistic without each value in turn. */
export function leaveOneOut(values: readonly number[], statistic: Statistic): number[] {
  return values.map((_, out) => statistic(values.filter((__, index) => index !== out)));
}

/** Where BCa reads the resamples instead of at `shares`; unmoved where a statistic does not vary. */
export function bcaShares(
  shares: readonly number[],
  spread: readonly number[],
  point: number,
  leftOut: readonly number[],
): number[] {
  const below = spread.filter((value) => value < point).length;
  const equal = spread.filter((value) => value === point).length;
  const lower = (below + equal / 2) / spread.length;
  if (lower === 0 || lower === 1) {
    throw new InvalidArgumentError(
      `BCa needs resamples on either side of the estimate, but all lie on one of ${quote(point)}: ` +
        `use method 'percentile', or a statistic that varies`,
    );
  }
  const bias = normalQuantile(lower);
  const centre = mean(leftOut);
  const squares = leftOut.reduce((sum, value) => sum + (centre - value) ** 2, 0);
  const cubes = leftOut.reduce((sum, value) => sum + (centre - value) ** 3, 0);
  const skew = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  return shares.map((share) => {
    const z = bias + normalQuantile(share);
    return normalCdf(bias + z / (1 - skew * z));
  });
}

function intervalOf(spread: readonly number[], point: number, shares: readonly number[]): Interval {
  const sorted = Float64Array.from(spread).sort();
  const [low, high] = shares.map((share) => quantileOfSorted(sorted, share));
  return { point, low: low as number, high: high as number };
}
