/**
 * The interval of a ratio: that of the mean log ratio, raised back by exp. On the log scale 2× and
 * ½× lie equally far from 1, and A over B is exactly the inverse of B over A; the point is the
 * geometric mean, the only mean that treats both alike (Fleming and Wallace, "How Not to Lie with
 * Statistics", Communications of the ACM 29 (1986)).
 */
import { meanInterval, type Interval } from './mean-interval.js';
import { NO_PRIOR } from './prior-spread.js';

export function ratioInterval(
  logRatios: readonly number[],
  confidence = 0.95,
  prior = NO_PRIOR,
): Interval {
  const { point, low, high } = meanInterval(logRatios, confidence, prior);
  return {
    point: Math.exp(point),
    low: low === null ? null : Math.exp(low),
    high: high === null ? null : Math.exp(high),
  };
}

/** The same for positive values: their geometric mean. Suits what varies by factors, as rates do. */
export function geometricInterval(
  values: readonly number[],
  confidence = 0.95,
  prior = NO_PRIOR,
): Interval {
  return ratioInterval(values.map(Math.log), confidence, prior);
}
