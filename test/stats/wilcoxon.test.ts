import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { hodgesLehmann, pseudoMedian } from '#dist/src/stats/hodges-lehmann.js';
import { signedRank, signedRankCut, type Alternative } from '#dist/src/stats/signed-rank.js';
import { gateVectors, type SignedRankVector } from '../golden/gate-golden.js';
import { expectClose } from './close.js';
import { normalNoise } from './noise.js';

const vectors = gateVectors();
const alternatives: Alternative[] = ['greater', 'less', 'two-sided'];
/** Small whole numbers: ties and zeros abound. */
const tied = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 30 });
const values = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 30 });

function expectAgreement(vector: SignedRankVector, tolerance: number): void {
  for (const alternative of alternatives) {
    const { statistic, n, p } = signedRank(vector.values, alternative);
    expect([statistic, n]).toEqual([vector.statistic, vector.n]);
    expectClose(p, vector.p[alternative], tolerance);
  }
}

describe('signedRank', () => {
  it.each(vectors.signedRank.exact)('agrees with SciPy: exact, $n values', (vector) => {
    expectAgreement(vector, 1e-10);
  });

  it.each(vectors.signedRank.tied)('agrees with all signs tried: ties, $n values', (vector) => {
    expectAgreement(vector, 1e-10);
  });

  it.each(vectors.signedRank.large)('agrees with SciPy: normal, $n values', (vector) => {
    expectAgreement(vector, 1e-10);
  });

  it('is nearly continuous where the normal approximation takes over', () => {
    const noise = normalNoise(3);
    const sample = Array.from({ length: 201 }, () => noise() + 0.12);
    const exact = signedRank(sample.slice(1), 'greater').p;
    const approximate = signedRank(sample.slice(1).concat(1e-9), 'greater').p;
    expectClose(approximate, exact, 0.02);
  });

  it('says the same of less when every sign is flipped', () => {
    fc.assert(
      fc.property(tied, (differences) => {
        const flipped = differences.map((value) => -value);
        expect(signedRank(flipped, 'less').p).toBe(signedRank(differences, 'greater').p);
        expect(signedRank(flipped).p).toBe(signedRank(differences).p);
      }),
    );
  });

  it('does not depend on the order or the scale, and leaves the order alone', () => {
    fc.assert(
      fc.property(tied, (differences) => {
        const before = [...differences];
        const other = differences.toReversed().map((value) => value * 4);
        expect(signedRank(other, 'greater').p).toBe(signedRank(differences, 'greater').p);
        expect(differences).toEqual(before);
      }),
    );
  });

  it('grows surer of a shift the larger one untied difference is', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 2e6 }), (differences, more) => {
        const larger = differences.map((value, index) => value + (index === 0 ? more : 0));
        const sizes = [...differences, ...larger.slice(0, 1)].map(Math.abs);
        fc.pre(new Set(sizes).size === sizes.length && !sizes.includes(0));
        expect(signedRank(larger, 'greater').p).toBeLessThanOrEqual(
          signedRank(differences, 'greater').p + 1e-12,
        );
      }),
    );
  });

  it('has one-sided p-values that share the observed outcome', () => {
    fc.assert(
      fc.property(tied, (differences) => {
        const [greater, less, both] = alternatives.map((a) => signedRank(differences, a).p);
        expect((greater as number) + (less as number)).toBeGreaterThanOrEqual(1 - 1e-12);
        expectClose(both as number, Math.min(1, 2 * Math.min(greater as number, less as number)));
      }),
    );
  });

  it('leaves zeros out', () => {
    expect(signedRank([0, 3, 1, 0, -2], 'greater')).toEqual(signedRank([3, 1, -2], 'greater'));
    expect(signedRank([0, 0])).toEqual({ statistic: 0, n: 0, p: 1 });
  });

  it('refuses what is no difference and no alternative', () => {
    expect(() => signedRank([1, NaN])).toThrow(InvalidArgumentError);
    expect(() => signedRank([1, Infinity])).toThrow(/Infinity: leave out what was not measured/);
    expect(() => signedRank([1], 'above' as Alternative)).toThrow(/'above'/);
  });

  it('rejects a true null hypothesis no more often than its level', () => {
    const noise = normalNoise(7);
    let rejected = 0;
    for (let trial = 0; trial < 4000; trial++) {
      if (signedRank(Array.from({ length: 20 }, noise), 'greater').p < 0.15) rejected++;
    }
    expect(rejected / 4000).toBeLessThan(0.165);
    expect(rejected / 4000).toBeGreaterThan(0.13);
  });
});

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

  it('ends where the test stops to reject', () => {
    const noise = normalNoise(5);
    const sample = Array.from({ length: 25 }, noise);
    const { low, high } = hodgesLehmann(sample, 0.95) as { low: number; high: number };
    const p = (shift: number): number => signedRank(sample.map((value) => value - shift)).p;
    expect(p(low - 1e-6)).toBeLessThan(0.05);
    expect(p(low + 1e-6)).toBeGreaterThan(0.05);
    expect(p(high - 1e-6)).toBeGreaterThan(0.05);
    expect(p(high + 1e-6)).toBeLessThan(0.05);
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
