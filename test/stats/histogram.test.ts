import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { loadNative } from '#dist/src/policies/uv/binding.js';
import { Histogram } from '#dist/src/stats/histogram.js';

/** Every octave alike, and the places where one ends. */
const octaves = fc
  .tuple(fc.integer({ min: 0, max: 41 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([octave, part]) => Math.floor(2 ** octave * (1 + part)));
const edges = fc
  .tuple(fc.integer({ min: 0, max: 42 }), fc.integer({ min: -1, max: 1 }))
  .map(([octave, off]) => Math.max(0, 2 ** octave + off));
const wholeNs = fc.oneof(octaves, edges, fc.integer({ min: 0, max: 300 }));
const LONGEST_NS = 2 ** 42 - 1;
const durations = fc.array(wholeNs, { minLength: 1, maxLength: 200 });
const share = fc.double({ min: 0, max: 1, noNaN: true });

function of(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const ns of values) histogram.record(ns / 1e6);
  return histogram;
}

describe('a histogram', () => {
  it('tells a quantile within 0.8% of the exact one', () => {
    fc.assert(
      fc.property(durations, share, (values, p) => {
        const sorted = [...values].sort((a, b) => a - b);
        const rank = Math.max(1, Math.ceil(p * sorted.length));
        const exact = Math.min(sorted[rank - 1] as number, LONGEST_NS);
        const told = (of(values).quantile(p) as number) * 1e6;
        // Beside a nanosecond: ms are no whole number of them, and are cut off.
        expect(Math.abs(told - exact)).toBeLessThanOrEqual(exact / 128 + 1.001);
      }),
    );
  });

  it('of two together is that of all their values', () => {
    fc.assert(
      fc.property(durations, durations, share, (some, others, p) => {
        const merged = of(some);
        merged.add(of(others).counts());
        const all = of([...some, ...others]);
        expect(merged.counts()).toEqual(all.counts());
        expect(merged.count).toBe(some.length + others.length);
        expect(merged.quantile(p)).toBe(all.quantile(p));
      }),
    );
  });

  it('is made again from its counts', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const counts = of(values).counts();
        const again = new Histogram();
        again.add(counts);
        expect(again.counts()).toEqual(counts);
        const indices = counts.filter((_, i) => i % 2 === 0);
        expect(indices).toEqual([...new Set(indices)].sort((a, b) => a - b));
        expect(again.count).toBe(values.length);
      }),
    );
  });

  it('of nothing has no quantile, also after it was cleared', () => {
    const histogram = of([1, 1000, 1e9]);
    histogram.clear();
    expect(histogram.quantile(0.5)).toBeUndefined();
    expect(histogram.counts()).toEqual([]);
    expect(histogram.count).toBe(0);
  });

  it('counts what is negative as 0, and what is too long as the longest', () => {
    const histogram = new Histogram();
    histogram.record(-1);
    histogram.record(Infinity);
    histogram.record(1e12);
    expect(histogram.counts()).toEqual([0, 1, expect.any(Number), 2]);
    expect(histogram.quantile(0)).toBe(0);
    expect((histogram.quantile(1) as number) * 1e6).toBeCloseTo(LONGEST_NS, -11);
  });

  it.each([
    [[-1, 1], /no bucket -1/],
    [[0.5, 1], /no bucket 0.5/],
    [[64 * 37, 1], /no bucket 2368/],
    [[3, -2], /a count of -2/],
  ])('refuses the counts %j', (counts, message) => {
    const histogram = new Histogram();
    expect(() => histogram.add(counts)).toThrow(InvalidArgumentError);
    expect(() => histogram.add(counts)).toThrow(message);
  });

  it.each([-0.1, 1.1, NaN])('has no quantile of %f', (p) => {
    expect(() => of([1]).quantile(p)).toThrow(/a quantile is of a share from 0 to 1/);
  });

  const loaded = loadNative();
  it.skipIf(!loaded.ok)('has the same buckets in the addon', () => {
    if (!loaded.ok) return;
    const { LoadGenerator } = loaded.native;
    // Half a nanosecond more, since what is whole in ns need not be in ms: 0.001 is 1e-3.
    const here = (ns: number): number[] => of([ns + 0.5]).counts();
    for (let octave = 0; octave <= 43; octave++) {
      for (const ns of [2 ** octave - 1, 2 ** octave, 2 ** octave + 1]) {
        expect(LoadGenerator.count([ns]), `${ns} ns`).toEqual(here(ns));
      }
    }
    fc.assert(
      fc.property(durations, (values) => {
        const counts = of(values.map((ns) => ns + 0.5)).counts();
        expect(LoadGenerator.count(values)).toEqual(counts);
      }),
    );
  });
});
