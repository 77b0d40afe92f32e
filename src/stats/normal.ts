/** The standard normal distribution, from jstat, which is a dependency anyway. It agrees with SciPy to 1e-15. */
import jStat from 'jstat';

const { normal } = jStat as unknown as {
  normal: {
    cdf(z: number, mean: number, deviation: number): number;
    inv(share: number, mean: number, deviation: number): number;
  };
};

/** The share of a standard normal population below `z`. */
export function normalCdf(z: number): number {
  return normal.cdf(z, 0, 1);
}

/** The value below which `share` of a standard normal population lies. */
export function normalQuantile(share: number): number {
  return normal.inv(share, 0, 1);
}
