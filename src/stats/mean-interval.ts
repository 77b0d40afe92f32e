/**
 * The confidence interval of a mean, by Student's t: "The Probable Error of a Mean", Biometrika 6
 * (1908).
 *
 *   mean ± t(1 − α/2, n − 1) · s / √n         α = 1 − confidence
 *
 * It needs independent observations. In this harness those are rounds: samples of one process share
 * its JIT decisions and its address layout, and an interval over them would be far too narrow.
 * Where other samples are known to spread alike, a prior lends their degrees of freedom to this one.
 */
import jStat from 'jstat';
import { InvalidArgumentError, quote } from '../loop/errors.js';
import { mean } from './moments.js';
import { NO_PRIOR, heldTo, type PriorSpread } from './prior-spread.js';

/** Two ends, or null for both where fewer than two observations say nothing about the spread. */
export interface Interval {
  point: number;
  low: number | null;
  high: number | null;
}

export function meanInterval(
  values: readonly number[],
  confidence = 0.95,
  prior: PriorSpread = NO_PRIOR,
): Interval {
  if (!(confidence > 0 && confidence < 1)) {
    throw new InvalidArgumentError(
      `confidence lies between 0 and 1, but got ${quote(confidence)}: 0.95 is usual`,
    );
  }
  const n = values.length;
  if (n === 0) throw new InvalidArgumentError('an interval needs at least one value, but got none');
  const point = mean(values);
  if (n === 1) return { point, low: null, high: null };
  const { variance, freedom } = heldTo(prior, values);
  const t = jStat.studentt.inv((1 + confidence) / 2, freedom);
  const half = t * Math.sqrt(variance / n);
  return { point, low: point - half, high: point + half };
}
