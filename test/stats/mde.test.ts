import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { minimumDetectableEffect, powerOf, type Stage } from '#dist/src/stats/mde.js';
import { robustDeviation } from '#dist/src/stats/spread.js';
import { slowdownTest } from '#dist/src/studies/gate/stages.js';
import { expectClose } from './close.js';
import { normalNoise } from './noise.js';

const stage = fc.record({
  pairs: fc.integer({ min: 5, max: 200 }),
  alpha: fc.double({ min: 0.001, max: 0.4, noNaN: true }),
  threshold: fc.double({ min: 0, max: 0.1, noNaN: true }),
});
const stages = fc.array(stage, { minLength: 1, maxLength: 3 });
const deviation = fc.double({ min: 0.001, max: 1, noNaN: true });
const power = fc.double({ min: 0.05, max: 0.95, noNaN: true });

/** The share of trials in which every stage finds a shift of `effect` in noise of deviation 1. */
function simulated(effect: number, design: readonly Stage[], trials: number): number {
  const noise = normalNoise(17);
  let found = 0;
  for (let trial = 0; trial < trials; trial++) {
    const all = design.every(({ pairs, alpha, threshold = 0 }) => {
      const { p, shift } = slowdownTest(Array.from({ length: pairs }, () => noise() + effect));
      return p < alpha && shift > threshold;
    });
    if (all) found++;
  }
  return found / trials;
}

describe('minimumDetectableEffect', () => {
  it.each([
    ['a screen', [{ pairs: 20, alpha: 0.15 }]],
    ['a confirmation', [{ pairs: 80, alpha: 0.01 }]],
    ['few pairs and a strict level', [{ pairs: 20, alpha: 0.01 }]],
    ['a confirmation under Holm', [{ pairs: 80, alpha: 0.01 / 12 }]],
    ['a threshold that decides', [{ pairs: 80, alpha: 0.01, threshold: 0.5 }]],
    [
      'two stages',
      [
        { pairs: 20, alpha: 0.15, threshold: 0.1 },
        { pairs: 80, alpha: 0.01, threshold: 0.3 },
      ],
    ],
  ])('is found four times out of five by simulation: %s', (_, design) => {
    const effect = minimumDetectableEffect(1, design);
    const found = simulated(effect, design, 3000);
    expect(found).toBeGreaterThan(0.77);
    expect(found).toBeLessThan(0.83);
  });

  it('is found about as often where the deviation is estimated', () => {
    const noise = normalNoise(23);
    const design = [{ pairs: 40, alpha: 0.05 }];
    let found = 0;
    for (let trial = 0; trial < 3000; trial++) {
      const pairs = Array.from({ length: 40 }, noise);
      const effect = minimumDetectableEffect(robustDeviation(pairs), design);
      if (slowdownTest(pairs.map((pair) => pair + effect)).p < 0.05) found++;
    }
    expect(found / 3000).toBeGreaterThan(0.75);
    expect(found / 3000).toBeLessThan(0.85);
  });

  it('has the power asked for, whatever the stages', () => {
    fc.assert(
      fc.property(deviation, stages, power, (spread, design, asked) => {
        const effect = minimumDetectableEffect(spread, design, asked);
        expectClose(powerOf(effect, spread, design), asked, 1e-6);
      }),
    );
  });

  it('scales with the noise, and shrinks with pairs, a laxer level and less power', () => {
    fc.assert(
      fc.property(deviation, stage, power, (spread, { pairs, alpha }, asked) => {
        const mde = minimumDetectableEffect(spread, [{ pairs, alpha }], asked);
        const doubled = minimumDetectableEffect(2 * spread, [{ pairs, alpha }], asked);
        expectClose(doubled, 2 * mde, 1e-9, spread);
        const more = minimumDetectableEffect(spread, [{ pairs: 4 * pairs, alpha }], asked);
        // Less than half, by what t loses with degrees of freedom.
        if (alpha < 0.5) expect(more).toBeLessThanOrEqual(mde / 2 + 1e-9 * spread);
        const laxer = minimumDetectableEffect(spread, [{ pairs, alpha: alpha * 1.5 }], asked);
        expect(laxer).toBeLessThan(mde);
        expect(minimumDetectableEffect(spread, [{ pairs, alpha }], asked / 2)).toBeLessThan(mde);
      }),
    );
  });

  it('is the threshold where there is no noise', () => {
    const design = [{ pairs: 20, alpha: 0.05, threshold: 0.03 }];
    expect(minimumDetectableEffect(0, design)).toBeCloseTo(0.03, 12);
    expect(powerOf(0.031, 0, design)).toBe(1);
    expect(powerOf(0.03, 0, design)).toBe(0);
  });

  it('refuses what is no design', () => {
    const design = [{ pairs: 20, alpha: 0.05 }];
    expect(() => minimumDetectableEffect(-1, design)).toThrow(/-1.*robustDeviation/);
    expect(() => minimumDetectableEffect(1, design, 80)).toThrow(/80.*0\.8 is usual/);
    expect(() => minimumDetectableEffect(1, [])).toThrow(InvalidArgumentError);
    expect(() => minimumDetectableEffect(1, [{ pairs: 0, alpha: 0.05 }])).toThrow(/got 0/);
    expect(() => minimumDetectableEffect(1, [{ pairs: 9, alpha: 5 }])).toThrow(/got 5/);
  });
});
