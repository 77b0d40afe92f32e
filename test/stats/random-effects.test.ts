import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { meanInterval } from '#dist/src/stats/interval.js';
import { pooledVariance, randomEffects, type GroupValue } from '#dist/src/stats/random-effects.js';
import { mergeVectors } from '../golden/merge-golden.js';
import { expectClose, expectEstimate } from './close.js';

const group = fc
  .tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 1000 }))
  .map(([value, noise]): GroupValue => ({ value: value / 1000, variance: (noise / 1000) ** 2 }));
const groups = fc.array(group, { minLength: 2, maxLength: 12 });

/** Ends of tau may be a little beside each other where Q is flat. */
function expectSame(
  a: ReturnType<typeof randomEffects>,
  b: ReturnType<typeof randomEffects>,
): void {
  expectClose(a.mean.point, b.mean.point, 1e-6, 1);
  for (const end of ['low', 'high'] as const) {
    expectClose(a.mean[end] as number, b.mean[end] as number, 1e-6, 1);
  }
  expectClose(a.tau?.point as number, b.tau?.point as number, 1e-6, 1);
}

/** Their mean is 0 but for rounding. */
const BALANCED = [-0.417, 0.938, 0.6, -0.385, -0.51, -0.226].map((value) => ({
  value,
  variance: 1e-6,
}));

describe('the mean over groups', () => {
  it.each(mergeVectors().randomEffects)(
    'agrees with statsmodels and SciPy ($groups.length groups, tau $expected.tau.point)',
    ({ groups: given, expected }) => {
      const { mean, tau } = randomEffects(given);
      expectEstimate(mean, expected.mean);
      for (const key of ['point', 'low', 'high'] as const) {
        // Quantiles of chi-squared by jstat, whose root finder stops at 1e-8.
        expectClose(tau?.[key] as number, expected.tau[key], 1e-6, 1e-9);
      }
    },
  );

  it('is what can be followed by hand for two groups', () => {
    // Q = (y1 − y2)² / 2 / (v + tau²) is 1: tau² = 0.08 − 0.01. And t(0.975, 1) is 12.706.
    const { mean, tau } = randomEffects([
      { value: 0, variance: 0.01 },
      { value: 0.4, variance: 0.01 },
    ]);
    expect(tau?.point).toBeCloseTo(Math.sqrt(0.07), 10);
    expect(mean.point).toBeCloseTo(0.2, 12);
    expect(mean.high).toBeCloseTo(0.2 + 12.7062 * 0.2, 4);
  });

  it("is Student's interval where groups are equally noisy", () => {
    fc.assert(
      fc.property(groups, (given) => {
        const values = given.map(({ value }) => value);
        const { mean } = randomEffects(values.map((value) => ({ value, variance: 0.01 })));
        const expected = meanInterval(values);
        // A mean near 0 has the rounding errors of values that are not.
        expectClose(mean.point, expected.point, 1e-14, Math.max(...values.map(Math.abs)));
        expectEstimate({ ...mean, point: expected.point }, expected);
      }),
      { examples: [[BALANCED]] },
    );
  });

  it('moves with the values, and turns with their sign', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: -100, max: 100 }), (given, by) => {
        const { mean, tau } = randomEffects(given);
        const moved = given.map((each) => ({ ...each, value: each.value + by / 10 }));
        const shift = (x: number | null): number => (x as number) + by / 10;
        const there = { point: shift(mean.point), low: shift(mean.low), high: shift(mean.high) };
        expectSame(randomEffects(moved), { mean: there, tau });
        const turned = given.map((each) => ({ ...each, value: -each.value }));
        const back = {
          point: -mean.point,
          low: -(mean.high as number),
          high: -(mean.low as number),
        };
        expectSame(randomEffects(turned), { mean: back, tau });
      }),
    );
  });

  it('does not depend on the order of groups', () => {
    fc.assert(
      fc.property(groups, (given) => {
        expectSame(randomEffects(given), randomEffects(given.toReversed()));
      }),
    );
  });

  it('lies between the values, and has a tau within its interval', () => {
    fc.assert(
      fc.property(groups, (given) => {
        const { mean, tau } = randomEffects(given);
        const values = given.map(({ value }) => value);
        expect(mean.point).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(mean.point).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
        expect(tau?.low).toBeLessThanOrEqual(tau?.point as number);
        expect(tau?.high).toBeGreaterThanOrEqual(tau?.point as number);
      }),
    );
  });

  it('of one group is its value, without an interval and without a tau', () => {
    expect(randomEffects([{ value: 0.3, variance: 1 }])).toEqual({
      mean: { point: 0.3, low: null, high: null },
      tau: null,
    });
  });

  it('is refused of nothing, and of a group without noise', () => {
    expect(() => randomEffects([])).toThrow(InvalidArgumentError);
    expect(() => randomEffects([{ value: 1, variance: 0 }])).toThrow(/variance above 0, but got/);
    expect(() => randomEffects([{ value: NaN, variance: 1 }])).toThrow(InvalidArgumentError);
  });
});

describe('pooledVariance', () => {
  it('weighs variances by what is known of them', () => {
    const known = [
      { variance: 1, freedom: 3 },
      { variance: 5, freedom: 1 },
      { variance: 100, freedom: 0 },
    ];
    expect(pooledVariance(known)).toBe(2);
    expect(pooledVariance([{ variance: 1, freedom: 0 }])).toBeNull();
  });
});
