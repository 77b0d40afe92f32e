import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { resample, seeded } from '#dist/src/stats/random.js';
import { normalCdf } from '#dist/src/stats/normal.js';
import { clopperPearson } from '#dist/src/stats/proportion.js';
import { robustDeviation } from '#dist/src/stats/spread.js';
import { gateVectors } from '../../golden/gate-golden.js';
import { expectClose } from '../../stats/close.js';
import { normalNoise } from '../../stats/noise.js';

const vectors = gateVectors();

describe('the normal distribution', () => {
  it.each(vectors.normal)('agrees with SciPy at $z', ({ z, share: below }) => {
    expectClose(normalCdf(z), below, 1e-12, 1e-3);
  });
});

describe('robustDeviation', () => {
  it.each(vectors.robustDeviation)('agrees with NumPy ($expected)', ({ values, expected }) => {
    expectClose(robustDeviation(values), expected, 1e-12);
  });

  it('estimates the deviation of normal noise, and hardly minds a fifth of outliers', () => {
    const noise = normalNoise(2);
    const values = Array.from({ length: 600 }, noise);
    expectClose(robustDeviation(values), 1, 0.08);
    expect(robustDeviation(values.map((v, i) => (i % 5 === 0 ? v * 100 : v)))).toBeLessThan(2);
  });

  it('refuses a single value', () => {
    expect(() => robustDeviation([1])).toThrow(/two values, but got 1/);
  });
});

describe('resample', () => {
  it('draws rows with replacement, as many as asked', () => {
    const rows = ['a', 'b', 'c'];
    const drawn = resample(rows, seeded(4), 600);
    expect(drawn).toHaveLength(600);
    for (const row of rows) {
      expect(drawn.filter((own) => own === row).length).toBeGreaterThan(150);
    }
    expect(resample(rows, seeded(4))).toEqual(drawn.slice(0, 3));
  });

  it('refuses nothing to draw from', () => {
    expect(() => resample([], seeded(1))).toThrow(InvalidArgumentError);
  });
});

describe('proportions', () => {
  it.each(vectors.proportions)(
    'agree with SciPy: $events of $trials at $confidence',
    ({ events, trials, confidence, clopperPearson: expected }) => {
      const { low, high } = clopperPearson(events, trials, confidence);
      expectClose(low, expected.low, 1e-10, 1e-4);
      expectClose(high, expected.high, 1e-10, 1e-4);
    },
  );

  it('give for no event the rule of three, about', () => {
    const { rate, low, high } = clopperPearson(0, 10_000, 0.9);
    expect([rate, low]).toEqual([0, 0]);
    expectClose(high, 1 - 0.05 ** (1 / 10_000));
  });

  it('contain the rate and mirror it', () => {
    const counts = fc
      .integer({ min: 1, max: 300 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(counts, ([events, trials]) => {
        const { rate, low, high } = clopperPearson(events, trials);
        const mirrored = clopperPearson(trials - events, trials);
        expect(low).toBeLessThanOrEqual(rate);
        expect(high).toBeGreaterThanOrEqual(rate);
        expectClose(mirrored.low, 1 - high, 1e-9, 1);
        expectClose(mirrored.high, 1 - low, 1e-9, 1);
      }),
    );
  });

  it('refuse what is no count', () => {
    expect(() => clopperPearson(3, 2)).toThrow(/3 of 2/);
    expect(() => clopperPearson(0, 0)).toThrow(InvalidArgumentError);
    expect(() => clopperPearson(0.5, 2)).toThrow(/0\.5/);
    expect(() => clopperPearson(1, 2, 95)).toThrow(/0\.95 is usual/);
  });
});
