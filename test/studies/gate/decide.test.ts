import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { decide, standingOf } from '#dist/src/studies/gate/decide.js';
import { defaultDesign, gateDesign } from '#dist/src/studies/gate/gate-design.js';
import { hodgesLehmann } from '#dist/src/stats/hodges-lehmann.js';
import { normalNoise } from '../../stats/noise.js';
import { expectClose } from '../../stats/close.js';

const design = gateDesign();
const CELLS = 12;

/** Pairs of a cell that is slower by a share, with noise of a deviation. */
function pairs(count: number, slowdown: number, deviation: number, seed = 31): number[] {
  const noise = normalNoise(seed);
  return Array.from({ length: count }, () => Math.log1p(slowdown) + deviation * noise());
}

describe('gateDesign', () => {
  it('has the defaults of the gate, and takes changes', () => {
    expect(gateDesign()).toEqual(defaultDesign);
    expect(gateDesign({ minEffect: 0.05 })).toEqual({ ...defaultDesign, minEffect: 0.05 });
  });

  it.each([
    [{ mostPairs: 1 }, /mostPairs .* got 1: 100/],
    [{ mostPairs: 7.5 }, /mostPairs .* got 7\.5: 100/],
    [{ alpha: 15 }, /alpha lies between 0 and 1, but got 15: 0\.01/],
    [{ minEffect: -0.03 }, /minEffect .* got -0\.03: 0\.03/],
    [{ allowance: NaN }, /allowance .* got NaN: 0\.05/],
    [{ missAlpha: 1 }, /missAlpha .* got 1: 0\.05/],
  ])('refuses %j', (changes, message) => {
    expect(() => gateDesign(changes)).toThrow(message);
    expect(() => gateDesign(changes)).toThrow(InvalidArgumentError);
  });
});

describe('a cell', () => {
  it('is slower where its pairs say so beyond chance, with the size in its interval', () => {
    const found = decide(pairs(20, 0.1, 0.02), CELLS, design);
    expect(found.verdict).toBe('slower');
    expect(found.low as number).toBeLessThan(0.1);
    expect(found.high as number).toBeGreaterThan(0.1);
    expect(found.evidence).toBeGreaterThan(CELLS / design.alpha);
  });

  it('needs more evidence among more cells', () => {
    const some = pairs(11, 0.1, 0.005);
    expect(decide(some, 12, design).verdict).toBe('slower');
    expect(decide(some, 1000, design).verdict).toBe('unresolved');
  });

  it('is not slower where a slowdown of the allowance is ruled out, and says which is', () => {
    const found = decide(pairs(8, 0, 0.01), CELLS, design);
    expect(found.verdict).toBe('not slower');
    expect(found.bound as number).toBeLessThanOrEqual(design.allowance);
    const strict = gateDesign({ allowance: 0.01 });
    expect(decide(pairs(8, 0, 0.01), CELLS, strict).verdict).toBe('unresolved');
  });

  it('is never called slower for less than what counts, however sure that is', () => {
    expect(decide(pairs(60, 0.02, 0.002), CELLS, design).verdict).not.toBe('slower');
    const all = gateDesign({ minEffect: 0, allowance: 0.5 });
    expect(standingOf(pairs(60, 0.02, 0.002), CELLS, all).slower).toBeGreaterThan(
      standingOf([], CELLS, all).needs.slower,
    );
  });

  it('is unresolved where noise leaves room for both, and says what it could hide', () => {
    const found = decide(pairs(15, 0, 0.2), CELLS, design);
    expect(found.verdict).toBe('unresolved');
    expect(found.bound as number).toBeGreaterThan(design.allowance);
    expect(decide([0.01], CELLS, design)).toMatchObject({ verdict: 'unresolved', bound: null });
    expect(decide([], CELLS, design)).toMatchObject({ verdict: 'unresolved', shift: null });
  });

  it('keeps the verdict at which it came first, whatever comes later', () => {
    const calm = pairs(8, 0, 0.01);
    const { after, decided } = standingOf(calm, CELLS, design);
    expect(decided).toBe('not slower');
    expect(after).toBeLessThanOrEqual(8);
    expect(standingOf([...calm, ...pairs(60, 0.5, 0.01)], CELLS, design)).toMatchObject({
      decided: 'not slower',
      after,
    });
  });

  it('has the shift and the interval of Hodges and Lehmann', () => {
    const own = pairs(20, 0.1, 0.02);
    const { point, low, high } = hodgesLehmann(own, 0.95);
    const found = decide(own, CELLS, design);
    expectClose(found.shift as number, Math.expm1(point));
    expectClose(found.low as number, Math.expm1(low as number));
    expectClose(found.high as number, Math.expm1(high as number));
  });

  it('refuses a pair that is no number', () => {
    expect(() => decide([0.1, NaN], CELLS, design)).toThrow(InvalidArgumentError);
  });
});
