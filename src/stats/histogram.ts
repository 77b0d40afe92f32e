/**
 * A histogram of durations after Gil Tene's HdrHistogram: buckets that grow with the value, so that
 * a microsecond and a minute are counted with the same relative precision, at the price of one
 * addition per value.
 *
 *   ns       0 … 127        128 … 255       256 … 511       512 … 1023   …
 *   width    1              2               4               8
 *   index    0 … 127        128 … 191       192 … 255       256 … 319    64 buckets an octave
 *
 * A value is read as the middle of its bucket: at most 1/128 (0.8%) off. The native client of `echo` counts in the same
 * buckets (`native/src/histogram.h`), so its counts can be added to these. `record` is O(1) and allocates nothing; a
 * quantile is O(buckets).
 */
import { InvalidArgumentError, quote } from '../text/errors.js';

/** Buckets per octave, and half the values that have a bucket of their own. */
const HALF = 64;
const HALF_BITS = 6;
/** Durations up to 2^42 ns (73 minutes). Longer ones count as that. */
const OCTAVES = 36;
const BUCKETS = HALF * (OCTAVES + 1);
const LONGEST_NS = 2 ** (HALF_BITS + OCTAVES) - 1;

/** The buckets that are not empty, as index, count, index, count, … in ascending order. */
export type Counts = readonly number[];

export class Histogram {
  private readonly buckets = new Float64Array(BUCKETS);
  private total = 0;
  private longest = 0;

  /** The number of values. */
  get count(): number {
    return this.total;
  }

  /** Records a duration in ms. Negative values, which a clock may give when it is set, count as 0. */
  record(ms: number): void {
    const ns = ms * 1e6;
    const index = bucketOf(ns);
    this.buckets[index] = (this.buckets[index] as number) + 1;
    this.total++;
    if (index > this.longest) this.longest = index;
  }

  add(counts: Counts): void {
    for (let i = 0; i + 1 < counts.length; i += 2) {
      const index = counts[i] as number;
      const count = counts[i + 1] as number;
      if (!(Number.isInteger(index) && index >= 0 && index < BUCKETS && count >= 0)) {
        throw new InvalidArgumentError(
          `a histogram has no bucket ${quote(index)} with a count of ${quote(count)}: ` +
            `indices are whole numbers from 0 to ${BUCKETS - 1}, counts are not negative`,
        );
      }
      this.buckets[index] = (this.buckets[index] as number) + count;
      this.total += count;
      if (count > 0 && index > this.longest) this.longest = index;
    }
  }

  counts(): number[] {
    const counts: number[] = [];
    for (let index = 0; index <= this.longest; index++) {
      const count = this.buckets[index] as number;
      if (count > 0) counts.push(index, count);
    }
    return counts;
  }

  /** The duration in ms that a share `p` of the values does not exceed (nearest rank). Undefined without values. */
  quantile(p: number): number | undefined {
    if (!(p >= 0 && p <= 1)) {
      throw new InvalidArgumentError(`a quantile is of a share from 0 to 1, but got ${quote(p)}`);
    }
    if (this.total === 0) return undefined;
    const rank = Math.max(1, Math.ceil(p * this.total));
    let seen = 0;
    for (let index = 0; ; index++) {
      seen += this.buckets[index] as number;
      if (seen >= rank || index === this.longest) return middleOf(index) / 1e6;
    }
  }

  clear(): void {
    this.buckets.fill(0);
    this.total = 0;
    this.longest = 0;
  }
}

function bucketOf(ns: number): number {
  if (!(ns >= 2 * HALF)) return ns > 0 ? ns | 0 : 0;
  const whole = Math.min(ns, LONGEST_NS);
  // The number of octaves above the linear part: a double's exponent, from its leading zeros.
  const octave = exponentOf(whole) - HALF_BITS;
  return octave * HALF + Math.floor(whole / 2 ** octave);
}

/** ⌊log2(x)⌋ for 1 ≤ x < 2^62. `Math.log2` rounds up just below powers of two. */
function exponentOf(x: number): number {
  return x < 0x80000000 ? 31 - Math.clz32(x) : 62 - Math.clz32(x / 0x80000000);
}

function middleOf(index: number): number {
  if (index < 2 * HALF) return index;
  const octave = Math.floor(index / HALF) - 1;
  const width = 2 ** octave;
  return (index - octave * HALF) * width + (width - 1) / 2;
}
