/**
 * The confidence interval of a mean, by Student's t: "The Probable Error of a Mean", Biometrika 6
 * (1908).
 *
 *   mean ± t(1 − α/2, n − 1) · s / √n         α = 1 − confidence
 *
 * It needs independent observations. In this harness those are rounds: samples of one process share its JIT decisions
 * and its address layout, and an interval over them would be far too narrow. If other samples are known to have a
 * similar spread, a prior adds their degrees of freedom to those of this one.
 */
import { NO_PRIOR, heldTo, type PriorSpread } from './prior-spread.js';
import jStat from 'jstat';
import { InvalidArgumentError, quote } from '../text/errors.js';
import type { Estimate } from '../text/format.js';
import { mean } from './moments.js';

export function meanInterval(
  values: readonly number[],
  confidence = 0.95,
  prior: PriorSpread = NO_PRIOR,
): Estimate {
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

/**
 * The interval of a ratio: the interval of the mean log ratio, transformed back with exp. On the log scale 2× and ½×
 * are equally far from 1, and A over B is exactly the inverse of B over A. The point is the geometric mean, the only
 * mean that treats both alike (Fleming and Wallace, "How Not to Lie with Statistics", Communications of the ACM 29
 * (1986)).
 */

export function ratioInterval(
  logRatios: readonly number[],
  confidence = 0.95,
  prior = NO_PRIOR,
): Estimate {
  const { point, low, high } = meanInterval(logRatios, confidence, prior);
  return {
    point: Math.exp(point),
    low: low === null ? null : Math.exp(low),
    high: high === null ? null : Math.exp(high),
  };
}

/** The geometric mean of positive values, with its interval. Suits values that vary by factors, as rates do. */
export function geometricInterval(
  values: readonly number[],
  confidence = 0.95,
  prior = NO_PRIOR,
): Estimate {
  return ratioInterval(values.map(Math.log), confidence, prior);
}
