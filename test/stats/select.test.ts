import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile } from '#dist/src/stats/quantile.js';
import { medianInPlace } from '#dist/src/stats/select.js';

describe('medianInPlace', () => {
  it('finds what sorting finds', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer());
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
        expect(medianInPlace(Float64Array.from(values)) - quantile(values, 0.5)).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});
