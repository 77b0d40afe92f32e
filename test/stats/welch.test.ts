import { describe, expect, it } from 'vitest';
import { change, detectableChange } from '#dist/src/stats/welch.js';
import { goldenVectors } from '../golden/golden.js';
import { expectClose, expectEstimate } from './close.js';

describe('change', () => {
  it.each(goldenVectors().changes)('agrees with SciPy for $a and $b', ({ a, b, expected }) => {
    expectEstimate(change(a, b), expected);
  });

  it('has no interval with a single round, and nothing without any', () => {
    expect(change([0], [0.5, 0.6])).toEqual({ point: Math.exp(0.55), low: null, high: null });
    expect(change([], [1])).toBeNull();
    expect(change([1], [])).toBeNull();
  });

  it('has no width where neither side has any', () => {
    const point = Math.exp(0.5);
    expect(change([1, 1], [1.5, 1.5])).toEqual({ point, low: point, high: point });
    expect(detectableChange([1, 1], [1.5, 1.5])).toBe(0);
  });
});

describe('detectableChange', () => {
  it.each(goldenVectors().changes)('agrees with SciPy for $a and $b', ({ a, b, detectable }) => {
    // Of t, as far as jstat goes.
    expectClose(detectableChange(a, b) as number, detectable.share, 1e-6);
  });

  it('is seen as often as the comment says', () => {
    for (const { detectable } of goldenVectors().changes) {
      const { freedom, power } = detectable;
      expect(power).toBeGreaterThan(freedom < 4 ? 0.7 : 0.78);
      expect(power).toBeLessThan(0.82);
    }
  });

  it('is unknown with a single round', () => {
    expect(detectableChange([1], [1, 2])).toBeNull();
  });
});
