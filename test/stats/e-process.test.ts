import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidence } from '#dist/src/stats/e-process.js';
import { seeded } from '#dist/src/stats/random.js';
import { expectClose } from './close.js';
import { normalNoise } from './noise.js';

const evidenceOf = (pairs: number[]): number => evidence(pairs).at(-1) ?? 0;
const pair = fc.double({ min: -0.5, max: 0.5, noNaN: true });

describe('evidence', () => {
  it('is a fair game: over all signs of the pairs it is 1 on average', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 9 }), (sizes) => {
        let sum = 0;
        for (let signs = 0; signs < 2 ** sizes.length; signs++) {
          const signed = sizes.map((size, at) => ((signs >> at) & 1 ? size : -size));
          sum += Math.exp(evidenceOf(signed));
        }
        expectClose(sum / 2 ** sizes.length, 1, 1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it('at most doubles with a pair, however large that is', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 30 }), (pairs) => {
        const logs = [0, ...evidence([...pairs, 1e6])];
        for (let at = 1; at < logs.length; at++) {
          expect((logs[at] as number) - (logs[at - 1] as number)).toBeLessThanOrEqual(
            Math.LN2 + 1e-12,
          );
        }
      }),
    );
  });

  it('knows of each pair only what came before it', () => {
    const pairs = [0.02, -0.01, 0.03, 0.05, -0.02, 0.04];
    const whole = evidence(pairs);
    for (let count = 1; count <= pairs.length; count++) {
      expect(evidence(pairs.slice(0, count))).toEqual(whole.slice(0, count));
    }
    expect(evidenceOf([])).toBe(0);
  });

  it.each([
    ['normal', (noise: () => number) => noise()],
    ['heavy tails', (noise: () => number) => noise() / Math.max(0.05, Math.abs(noise()))],
    ['bursts', (noise: () => number) => noise() * (Math.abs(noise()) > 1.5 ? 20 : 1)],
  ])('exceeds 1/α ever in less than α of runs where pairs are symmetric: %s', (_what, draw) => {
    const noise = normalNoise(5);
    const [runs, alpha] = [2000, 0.05];
    let alarms = 0;
    for (let run = 0; run < runs; run++) {
      const pairs = Array.from({ length: 40 }, () => 0.03 * draw(noise));
      if (Math.max(...evidence(pairs)) >= Math.log(1 / alpha)) alarms++;
    }
    // 2,000 runs tell a share of 5% to 1%.
    expect(alarms / runs).toBeLessThan(alpha + 0.01);
  });

  it('grows as fast as it may where pairs are clearly above 0, and falls where they are below', () => {
    const above = Array.from({ length: 12 }, (_, at) => 0.1 + 0.001 * (at % 3));
    expect(evidenceOf(above)).toBeGreaterThan(Math.log(12 / 0.01));
    expect(evidenceOf(above.map((each) => -each))).toBeLessThan(-5);
  });

  it('recovers from a wild pair', () => {
    const clear = Array.from({ length: 25 }, (_, at) => 0.1 + 0.01 * (at % 4));
    expect(evidenceOf([-3, ...clear])).toBeGreaterThan(Math.log(12 / 0.01));
    expect(evidenceOf([...clear.slice(0, 8), -3, ...clear])).toBeGreaterThan(Math.log(12 / 0.01));
  });

  it('finds 5% in noise of 3% within 25 pairs nearly always', () => {
    const noise = normalNoise(9);
    let found = 0;
    for (let run = 0; run < 300; run++) {
      const pairs = Array.from({ length: 25 }, () => Math.log1p(0.05) + 0.03 * noise());
      if (Math.max(...evidence(pairs)) >= Math.log(12 / 0.01)) found++;
    }
    expect(found / 300).toBeGreaterThan(0.9);
  });

  it('takes pairs that hardly differ for what they are', () => {
    // A spread of nothing is not taken for certainty.
    const random = seeded(3);
    const ticks = Array.from({ length: 20 }, () => (random.int(0, 1) === 0 ? 1e-6 : -1e-6));
    expect(Math.abs(evidenceOf(ticks))).toBeLessThan(0.5);
  });
});
