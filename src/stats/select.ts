/**
 * The median without sorting: Hoare's quickselect ("Algorithm 65: Find", Communications of the ACM 4
 * (1961)). It reorders its argument until the middle value is in the middle. O(n) on average, a
 * quarter of the time of a sort for the thousands of Walsh averages of a gate's cell; the pivot is
 * the middle element, so sorted rows, as those averages are, do not make it quadratic.
 */
import { InvalidArgumentError, quote } from '../text/errors.js';
export function medianInPlace(values: Float64Array): number {
  const n = values.length;
  const middle = n >> 1;
  const high = select(values, middle);
  if (n % 2 === 1) return high;
  // The values left of the middle are no larger, so the other middle value is the largest of them.
  let low = -Infinity;
  for (let i = 0; i < middle; i++) low = Math.max(low, values[i] as number);
  return low + (high - low) / 2;
}

function select(values: Float64Array, rank: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = values[(from + to) >> 1] as number;
    let i = from;
    let j = to;
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i > j) break;
      const swapped = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = swapped;
    }
    if (rank <= j) to = j;
    else if (rank >= i) from = i;
    else break;
  }
  return values[rank] as number;
}

/** A sorted copy, as typed array: order statistics and ranks start from it. O(n log n). */

export function ascending(values: readonly number[]): Float64Array {
  const strange = values.find((value) => !Number.isFinite(value));
  if (strange !== undefined) {
    throw new InvalidArgumentError(
      `observations are finite numbers, but got ${quote(strange)}: leave out what was not measured`,
    );
  }
  return Float64Array.from(values).sort();
}
