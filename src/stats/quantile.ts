/**
 * The quantile of a sample by linear interpolation between order statistics: type 7 of Hyndman and
 * Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996); the default
 * of R and NumPy.
 *
 *   h = (n − 1) p      quantile = x[⌊h⌋] + (h − ⌊h⌋) · (x[⌊h⌋ + 1] − x[⌊h⌋])
 */
import { InvalidArgumentError, quote } from '../text/errors.js';

export function quantile(values: readonly number[], p: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), p);
}

/** Same, for values that are in ascending order already. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new InvalidArgumentError(`a quantile is of a share from 0 to 1, but got ${quote(p)}`);
  }
  if (sorted.length === 0) {
    throw new InvalidArgumentError(
      'a quantile needs at least one value, but got none: measure one',
    );
  }
  const h = (sorted.length - 1) * p;
  const below = Math.floor(h);
  const low = sorted[below] as number;
  const high = sorted[Math.ceil(h)] as number;
  // Rounding may carry the sum past `high`, and then a larger share would have a smaller quantile.
  return Math.min(high, low + (h - below) * (high - low));
}

/** The middle value, or halfway between the two middle ones: the quantile at one half. */

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
