/** A sorted copy, as typed array: order statistics and ranks start from it. O(n log n). */
import { InvalidArgumentError, quote } from '../loop/errors.js';

export function ascending(values: readonly number[]): Float64Array {
  const strange = values.find((value) => !Number.isFinite(value));
  if (strange !== undefined) {
    throw new InvalidArgumentError(
      `observations are finite numbers, but got ${quote(strange)}: leave out what was not measured`,
    );
  }
  return Float64Array.from(values).sort();
}
