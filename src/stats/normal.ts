/**
 * The standard normal distribution, by jstat, a dependency already. Shares agree with SciPy to 1e-15,
 * quantiles of shares above 1e-6 to 1e-10 (further out jstat stops early, and so does @stdlib, whose
 * normal quantile brings 130 packages).
 */
import jStat from 'jstat';

interface Normal {
  cdf(z: number, mean: number, deviation: number): number;
  inv(share: number, mean: number, deviation: number): number;
}

const { normal } = jStat as unknown as { normal: Normal };

/** The share of a standard normal population below `z`. */
export function normalCdf(z: number): number {
  return normal.cdf(z, 0, 1);
}

/** The `z` that a share (0 to 1, ends excluded) of a standard normal population lies below. */
export function normalQuantile(share: number): number {
  return normal.inv(share, 0, 1);
}
