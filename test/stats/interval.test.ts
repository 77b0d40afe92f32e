import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { meanInterval, geometricInterval, ratioInterval } from '#dist/src/stats/interval.js';
import { mean, standardDeviation } from '#dist/src/stats/moments.js';
import { goldenVectors } from '../golden/golden.js';
import { expectClose, expectEstimate } from './close.js';

/** No log ratio is 1e-320, where a number has two digits left. */
const observation = fc.integer({ min: -1e7, max: 1e7 }).map((value) => value / 1e6);
const sample = fc.array(observation, { minLength: 2, maxLength: 30 });

describe('standardDeviation', () => {
  it.each(goldenVectors().deviations)('agrees with NumPy ($expected)', ({ values, expected }) => {
    expectClose(standardDeviation(values), expected);
  });
});

describe('meanInterval', () => {
  it.each(goldenVectors().intervals)(
    'agrees with SciPy at $confidence',
    ({ values, confidence, expected }) => {
      expectEstimate(meanInterval(values, confidence), expected);
    },
  );

  it('is at 95% unless told otherwise', () => {
    expect(meanInterval([1, 2, 4])).toEqual(meanInterval([1, 2, 4], 0.95));
  });

  it('contains the mean, and the more surely the wider', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const { point, low, high } = meanInterval(values, 0.8);
        const wider = meanInterval(values, 0.99);
        expect(point).toBe(mean(values));
        expect(low).toBeLessThanOrEqual(point);
        expect(high).toBeGreaterThanOrEqual(point);
        expect(wider.low).toBeLessThanOrEqual(low as number);
        expect(wider.high).toBeGreaterThanOrEqual(high as number);
      }),
    );
  });

  it('scales with the values', () => {
    fc.assert(
      fc.property(sample, fc.constantFrom(0.25, 2, 1024), (values, factor) => {
        const { point, low, high } = meanInterval(values);
        const scaled = meanInterval(values.map((value) => value * factor));
        expectEstimate(scaled, {
          point: point * factor,
          low: (low as number) * factor,
          high: (high as number) * factor,
        });
      }),
    );
  });

  it('has no ends for a single value, which says nothing of the spread', () => {
    expect(meanInterval([0.4])).toEqual({ point: 0.4, low: null, high: null });
  });

  it('has no width where all values are equal', () => {
    expect(meanInterval([3, 3, 3])).toEqual({ point: 3, low: 3, high: 3 });
  });

  it('refuses what makes no interval', () => {
    expect(() => meanInterval([])).toThrow(InvalidArgumentError);
    expect(() => meanInterval([1, 2], 95)).toThrow(/95.*0\.95 is usual/);
  });

  it('covers the true mean as often as it says', () => {
    // Sums of twelve uniforms are nearly normal; the seed is fixed, so this either holds or not.
    let state = 1;
    const uniform = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
    const normal = (): number =>
      Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
    let covered = 0;
    for (let trial = 0; trial < 4000; trial++) {
      const { low, high } = meanInterval(Array.from({ length: 5 }, normal));
      if ((low as number) <= 0 && (high as number) >= 0) covered++;
    }
    expect(covered / 4000).toBeGreaterThan(0.94);
    expect(covered / 4000).toBeLessThan(0.96);
  });
});

describe('ratioInterval', () => {
  it('is inverted when the two that are compared change places', () => {
    fc.assert(
      fc.property(sample, (logs) => {
        const there = ratioInterval(logs);
        const back = ratioInterval(logs.map((log) => -log));
        expectClose(back.point, 1 / there.point, 1e-12);
        // Logs, since an interval of two far observations reaches from 0 to Infinity.
        expectClose(Math.log(back.low as number), -Math.log(there.high as number), 1e-9, 1);
      }),
    );
  });

  it('keeps a single observation as a point', () => {
    expect(ratioInterval([0])).toEqual({ point: 1, low: null, high: null });
  });
});

describe('geometricInterval', () => {
  it('takes the mean that treats twice and half alike', () => {
    expectClose(geometricInterval([50, 200]).point, 100);
  });
});
