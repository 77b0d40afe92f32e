/**
 * A standard deviation that withstands outliers: Shamos's, the median distance between two values,
 * divided by what it is for a standard normal ("Geometry and Statistics", 1976; the factor by
 * Rousseeuw and Croux, JASA 88 (1993)).
 *
 *   median of |xᵢ − xⱼ| over i < j, times 1.0483…       1.0483… = 1 / (√2 · Φ⁻¹(3/4))
 *
 * It withstands 29% of outliers. For normal noise it is as precise as the usual deviation of 86% as many
 * values. (The median absolute deviation: 37%, which at 20 values is a guess.) O(n²).
 */
import { InvalidArgumentError } from '../text/errors.js';
import { ascending, medianInPlace } from './select.js';

const NORMAL_FACTOR = 1.0483580825075307;

/** The deviation, in the values' unit. Throws InvalidArgumentError for fewer than two values. */
export function robustDeviation(values: readonly number[]): number {
  const sorted = ascending(values);
  const n = sorted.length;
  if (n < 2) {
    throw new InvalidArgumentError(`a spread needs two values, but got ${n}: measure more`);
  }
  const distances = new Float64Array((n * (n - 1)) / 2);
  let next = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      distances[next++] = (sorted[j] as number) - (sorted[i] as number);
    }
  }
  return NORMAL_FACTOR * medianInPlace(distances);
}
