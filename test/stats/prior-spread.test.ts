import { describe, expect, it } from 'vitest';
import { seeded } from '#dist/src/stats/random.js';
import { meanInterval } from '#dist/src/stats/interval.js';
import { standardDeviation } from '#dist/src/stats/moments.js';
import {
  NO_PRIOR,
  digamma,
  fittedSpread,
  heldTo,
  inUnits,
  priorSpread,
  trigamma,
  trigammaInverse,
} from '#dist/src/stats/prior-spread.js';
import { priorVectors } from '../golden/prior-golden.js';
import { expectClose } from './close.js';

const vectors = priorVectors();

describe.each([
  ['digamma', digamma, vectors.digamma],
  ['trigamma', trigamma, vectors.trigamma],
  ['trigammaInverse', trigammaInverse, vectors.trigammaInverse],
] as const)('%s', (_name, of, pairs) => {
  it('agrees with R', () => {
    expect(pairs.length).toBeGreaterThan(10);
    for (let i = 0; i < pairs.length; i += 2) {
      expectClose(of(pairs[i] as number), pairs[i + 1] as number, 1e-8);
    }
  });
});

describe('fittedSpread', () => {
  it.each(vectors.fits)('agrees with limma (d0 $freedom)', ({ samples, variance, freedom }) => {
    const fitted = fittedSpread(samples);
    if (fitted === null) throw new Error('nothing was fitted');
    expectClose(fitted.freedom, freedom ?? Infinity, 1e-8);
    expectClose(fitted.variance, variance, 1e-8);
  });
});

describe('priorSpread', () => {
  it('is never surer than all cells together, and takes no variance for smaller than fitted', () => {
    for (const { samples } of vectors.fits) {
      const prior = priorSpread(samples);
      const all = samples.reduce((sum, values) => sum + values.length - 1, 0);
      expect(prior.freedom).toBeLessThanOrEqual(all);
      expect(prior.variance).toBeGreaterThan(fittedSpread(samples)?.variance as number);
    }
  });

  it('knows nothing of a few cells, of single rounds, or where nothing varies', () => {
    const pair = [0.1, 0.2];
    expect(priorSpread(Array.from({ length: 2 }, () => pair))).toEqual(NO_PRIOR);
    expect(priorSpread(Array.from({ length: 20 }, () => [0.1]))).toEqual(NO_PRIOR);
    expect(priorSpread(Array.from({ length: 20 }, () => [0.1, 0.1]))).toEqual(NO_PRIOR);
  });
});

describe('inUnits', () => {
  it('is the prior of values that are so many times as large', () => {
    const samples = vectors.fits[0]?.samples as number[][];
    const larger = priorSpread(samples.map((values) => values.map((value) => value * 7)));
    const same = inUnits(priorSpread(samples), 7);
    expectClose(larger.variance, same.variance);
    expectClose(larger.freedom, same.freedom);
  });
});

describe('heldTo', () => {
  it('lies between the own variance and the prior, and has the degrees of freedom of both', () => {
    const values = [0.1, 0.4, 0.2];
    const own = standardDeviation(values) ** 2;
    const { variance, freedom } = heldTo({ variance: own * 9, freedom: 6 }, values);
    expect(freedom).toBe(8);
    expectClose(variance, own * 7);
    expect(heldTo(NO_PRIOR, values)).toEqual({ variance: own, freedom: 2 });
  });
});

describe('an interval with a prior', () => {
  const random = seeded(5);
  const normal = (): number => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.int(0, 1e9) / (1e9 + 1)));
    return radius * Math.cos(2 * Math.PI * (random.int(0, 1e9) / (1e9 + 1)));
  };
  /** χ² with k degrees of freedom. */
  const chi = (k: number): number =>
    Array.from({ length: k }, normal).reduce((sum, z) => sum + z * z, 0);

  // What a run has: three to some fifty cells, of two or three rounds, unequal in spread.
  it.each([
    { rounds: 2, alike: 3, cells: 32, most: 0.965 },
    { rounds: 3, alike: 6, cells: 32, most: 0.965 },
    { rounds: 2, alike: 40, cells: 32, most: 0.965 },
    { rounds: 2, alike: 3, cells: 12, most: 0.975 },
    { rounds: 3, alike: 6, cells: 12, most: 0.975 },
    { rounds: 2, alike: 40, cells: 12, most: 0.975 },
    { rounds: 2, alike: 40, cells: 3, most: 0.98 },
    { rounds: 3, alike: 6, cells: 3, most: 0.975 },
  ])(
    'holds the truth 95% of the time ($rounds rounds, d0 $alike, $cells cells)',
    ({ rounds, alike, cells, most }) => {
      let held = 0;
      let narrower = 0;
      const runs = Math.ceil(20_000 / cells);
      for (let run = 0; run < runs; run++) {
        const samples = Array.from({ length: cells }, () => {
          const sigma = 0.05 * Math.sqrt(alike / chi(alike));
          return Array.from({ length: rounds }, () => sigma * normal());
        });
        const prior = priorSpread(samples);
        for (const sample of samples) {
          const { low, high } = meanInterval(sample, 0.95, prior);
          const alone = meanInterval(sample);
          if ((low as number) <= 0 && (high as number) >= 0) held++;
          narrower += Number((high as number) < (alone.high as number));
        }
      }
      const all = runs * cells;
      // 20,000 cells tell a share to ±0.3%.
      expect(held / all).toBeGreaterThan(0.945);
      expect(held / all).toBeLessThan(most);
      expect(narrower / all).toBeGreaterThan(0.5);
    },
  );
});
