import { expect } from 'vitest';
import type { Estimate } from '#dist/src/documents/results.js';

/** jstat's inverse of the beta function stops at 1e-8, which leaves t some 4e-8 beside SciPy's. */
const T_TOLERANCE = 1e-7;

/** Equal to within `tolerance` of the expected value, or of `scale` where that is larger. */
export function expectClose(actual: number, expected: number, tolerance = 1e-9, scale = 0): void {
  const allowed = tolerance * Math.max(Math.abs(expected), scale);
  const far = actual !== expected && !(Math.abs(actual - expected) <= allowed);
  expect(far ? actual : expected, `${actual} beside ${expected}`).toBe(expected);
}

/**
 * The point to 1e-9; the ends as far as t allows, which is a share of the interval's width, or of a
 * hundredth of the point where the interval has next to none.
 */
export function expectEstimate(actual: Estimate | null, expected: Estimate): void {
  if (actual === null) throw new Error('there is no estimate');
  const { point, low, high } = expected;
  expectClose(actual.point, point, 1e-9, 1e-12);
  if (low === null || high === null) {
    expect([actual.low, actual.high]).toEqual([null, null]);
    return;
  }
  const width = Math.max(high - low, Math.abs(point) * 1e-2);
  expectClose((actual.low as number) - low, 0, T_TOLERANCE, width);
  expectClose((actual.high as number) - high, 0, T_TOLERANCE, width);
}
