import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hodgesLehmann, pseudoMedian } from '#dist/src/stats/hodges-lehmann.js';
import { signedRankCut } from '#dist/src/stats/signed-rank.js';
import { gateVectors } from '../golden/gate-golden.js';
import { expectClose } from './close.js';
import { normalNoise } from './noise.js';

const vectors = gateVectors();
const values = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 30 });

describe('hodgesLehmann', () => {
  it.each(vectors.hodgesLehmann)(
    'agrees with R at $confidence',
    ({ values: sample, confidence, expected }) => {
      const { point, low, high } = hodgesLehmann(sample, confidence);
      expectClose(point, expected.point, 1e-12);
      if (expected.low === null || expected.high === null) {
        expect([low, high]).toEqual([null, null]);
        return;
      }
      expectClose(low as number, expected.low, 1e-12);
      expectClose(high as number, expected.high, 1e-12);
    },
  );

  it.each(vectors.pseudoMedian)('agrees with NumPy ($expected)', ({ values: sample, expected }) => {
    expectClose(pseudoMedian(sample), expected, 1e-12);
  });

  it('moves with the values, and turns with their sign', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: -1e6, max: 1e6 }), (sample, shift) => {
        const there = hodgesLehmann(sample);
        const moved = hodgesLehmann(sample.map((value) => value + shift));
        const turned = hodgesLehmann(sample.map((value) => -value));
        expect(moved.point).toBe(there.point + shift);
        expect(turned.point + there.point).toBe(0);
        expect(moved.low).toBe(there.low === null ? null : there.low + shift);
        expect(turned.high === null ? null : turned.high + (there.low as number)).toBe(
          there.low === null ? null : 0,
        );
      }),
    );
  });

  it('contains its point, and the more surely the wider', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 8, maxLength: 40 }), (sample) => {
        const { point, low, high } = hodgesLehmann(sample, 0.8);
        const wider = hodgesLehmann(sample, 0.99);
        expect(low).toBeLessThanOrEqual(point);
        expect(high).toBeGreaterThanOrEqual(point);
        expect(wider.low).toBeLessThanOrEqual(low as number);
        expect(wider.high).toBeGreaterThanOrEqual(high as number);
      }),
    );
  });

  it('withstands wild values', () => {
    expect(pseudoMedian([1, 2, 3, 4, 5, 6, 1e9])).toBeLessThan(6);
  });

  it('covers the true shift as often as it says, also above 200 values', () => {
    const noise = normalNoise(11);
    for (const [n, trials] of [
      [20, 2000],
      [240, 200],
    ] as const) {
      let covered = 0;
      for (let trial = 0; trial < trials; trial++) {
        const { low, high } = hodgesLehmann(Array.from({ length: n }, noise), 0.9);
        if ((low as number) <= 0 && (high as number) >= 0) covered++;
      }
      expect(covered / trials).toBeGreaterThan(0.87);
      expect(covered / trials).toBeLessThan(0.94);
    }
  });

  it('refuses what has no shift', () => {
    expect(() => hodgesLehmann([])).toThrow(/at least one value/);
    expect(() => hodgesLehmann([1, 2], 95)).toThrow(/95.*0\.95 is usual/);
  });
});

describe('signedRankCut', () => {
  it('leaves at most the share below it, and is the last that does', () => {
    // Of 5 values 1 of the 32 sums is 0, 2 are at most 1, 3 at most 2.
    expect(signedRankCut(5, 1 / 32)).toBe(1);
    expect(signedRankCut(5, 2.5 / 32)).toBe(2);
    expect(signedRankCut(5, 0.9 / 32)).toBe(0);
  });
});
