/**
 * The confidence interval of a mean, by Student's t: "The Probable Error of a Mean", Biometrika 6
 * (1908).
 *
 *   mean ± t(1 − α/2, n − 1) · s / √n         α = 1 − confidence
 *
 * It needs independent observations. In this harness those are rounds: samples of one process share
 * its JIT decisions and its address layout, and an interval over them would be far too narrow.
 */
import jStat from 'jstat';
import { InvalidArgumentError, quote } from '../loop/errors.js';
import { mean, standardDeviation } from './moments.js';

/** Two ends, or null for both where fewer than two observations say nothing about the spread. */
export interface Interval {
  point: number;
  low: number | null;
  high: number | null;
}

export function meanInterval(values: readonly number[], confidence = 0.95): Interval {
  if (!(confidence > 0 && confidence < 1)) {
    throw new InvalidArgumentError(
      `confidence lies between 0 and 1, but got ${quote(confidence)}: 0.95 is usual`,
    );
  }
  const n = values.length;
  if (n === 0) throw new InvalidArgumentError('an interval needs at least one value, but got none');
  const point = mean(values);
  if (n === 1) return { point, low: null, high: null };
  const t = jStat.studentt.inv((1 + confidence) / 2, n - 1);
  const half = (t * standardDeviation(values)) / Math.sqrt(n);
  return { point, low: point - half, high: point + half };
}
