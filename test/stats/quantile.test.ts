import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { median, quantile, quantileOfSorted } from '#dist/src/stats/quantile.js';
import { goldenVectors } from '../golden/golden.js';
import { expectClose } from './close.js';

const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
const sample = fc.array(number, { minLength: 1, maxLength: 50 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('quantile', () => {
  it.each(goldenVectors().quantiles)('agrees with NumPy at $p', ({ values, p, expected }) => {
    expectClose(quantile(values, p), expected);
  });

  it('is monotone in the share', () => {
    fc.assert(
      fc.property(sample, share, share, (values, a, b) => {
        expect(quantile(values, Math.min(a, b))).toBeLessThanOrEqual(
          quantile(values, Math.max(a, b)),
        );
      }),
    );
  });

  it('does not depend on the order of the values, and leaves it alone', () => {
    const shuffled = sample.chain((values) =>
      fc.tuple(
        fc.constant(values),
        fc.shuffledSubarray(values, { minLength: values.length, maxLength: values.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, share, ([values, other], p) => {
        const before = [...other];
        expect(quantile(other, p)).toBe(quantile(values, p));
        expect(other).toEqual(before);
      }),
    );
  });

  it('scales with the values', () => {
    // By a power of two, which costs no digit, so that the two are exactly equal.
    const whole = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1 });
    fc.assert(
      fc.property(whole, share, (values, p) => {
        const scaled = values.map((value) => value * 8);
        expect(quantile(scaled, p) === quantile(values, p) * 8).toBe(true);
      }),
    );
  });

  it('lies within the sample and reaches its ends', () => {
    fc.assert(
      fc.property(sample, share, (values, p) => {
        const [least, most] = [Math.min(...values), Math.max(...values)];
        expect(quantile(values, p)).toBeGreaterThanOrEqual(least);
        expect(quantile(values, p)).toBeLessThanOrEqual(most);
        expect(quantile(values, 0) === least).toBe(true);
        expect(quantile(values, 1) === most).toBe(true);
      }),
    );
  });

  it('takes what is sorted already as it is', () => {
    expect(quantileOfSorted(new Float64Array([1, 2, 10]), 0.75)).toBe(6);
  });

  it.each([-0.1, 1.1, NaN])('refuses the share %d by value', (p) => {
    expect(() => quantile([1], p)).toThrow(InvalidArgumentError);
    expect(() => quantile([1], p)).toThrow(String(p));
  });

  it('refuses an empty sample', () => {
    expect(() => quantile([], 0.5)).toThrow(InvalidArgumentError);
  });
});

describe('median', () => {
  it.each([
    [[7], 7],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});
