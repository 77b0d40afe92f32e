import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobsUntilSettled, type WarmUpWindow } from '#dist/src/harness/steady.js';
import { seeded } from '#dist/src/stats/random.js';

/** Windows of 40 ms: rates in jobs a ms, and cores of the other threads. */
function windowsOf(rates: readonly number[], others: readonly number[] = []): WarmUpWindow[] {
  return rates.map((rate, at) => ({
    jobs: rate * 40,
    allJobs: rate * 40,
    ms: 40,
    otherCores: others[at] ?? 0,
  }));
}

/** The first count of windows at which it has settled; null for never. */
function settledAfter(windows: readonly WarmUpWindow[]): number | null {
  const at = windows.findIndex((_, end) => jobsUntilSettled(windows.slice(0, end + 1)) !== null);
  return at < 0 ? null : at + 1;
}

const flat = (rate: number, count: number): number[] => Array.from({ length: count }, () => rate);

describe('a warm-up', () => {
  it('has settled when half of it was steady', () => {
    const windows = windowsOf([...flat(50, 10), ...flat(100, 30)]);
    const after = settledAfter(windows) as number;
    expect(after).toBeGreaterThanOrEqual(19);
    expect(after).toBeLessThanOrEqual(24);
    const jobs = jobsUntilSettled(windows) as number;
    expect(jobs).toBeGreaterThanOrEqual(10 * 50 * 40);
    expect(jobs).toBeLessThan(10 * 50 * 40 + 3 * 100 * 40);
  });

  it('has not settled on a plateau at which the compilers are at work', () => {
    // An echo server: a fifth of the rate for 0.4 s, while other threads burn half a core.
    const rates = [...flat(10, 10), ...flat(50, 30)];
    const others = [...flat(0.6, 9), 0.3, ...flat(0.02, 30)];
    const after = settledAfter(windowsOf(rates, others)) as number;
    expect(after).toBeGreaterThan(18);
    // The rate alone stands still, and who else works does not.
    const still = flat(10, 40);
    expect(settledAfter(windowsOf(still))).toBe(15);
    expect(settledAfter(windowsOf(still, [...flat(0.6, 12), ...flat(0.02, 28)]))).toBe(24);
    const falling = windowsOf(flat(10, 30), [...flat(0.9, 8), ...flat(0.5, 8), ...flat(0.1, 14)]);
    expect(jobsUntilSettled(falling.slice(0, 22))).toBeNull();
  });

  it('has settled though its collector goes on working', () => {
    expect(jobsUntilSettled(windowsOf(flat(30, 24), flat(0.7, 24)))).not.toBeNull();
  });

  it('never settles while the rate rises', () => {
    const rising = windowsOf(Array.from({ length: 60 }, (_, i) => 10 * 1.02 ** i));
    expect(settledAfter(rising)).toBeNull();
  });

  it('settles on a noisy machine all the same', () => {
    const random = seeded(5);
    let settled = 0;
    for (let trial = 0; trial < 50; trial++) {
      const noisy = Array.from(
        { length: 50 },
        () => 50 * Math.exp((random.int(0, 400) - 200) / 1000),
      );
      if (settledAfter(windowsOf(noisy)) !== null) settled++;
    }
    expect(settled).toBeGreaterThanOrEqual(45);
  });

  it('is never said to have taken more than half of what was done', () => {
    const rates = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(rates, (values) => {
        const windows = windowsOf(values);
        const jobs = jobsUntilSettled(windows);
        if (jobs === null) return;
        const first = windows.slice(0, Math.floor(windows.length / 2) + 1);
        expect(jobs).toBeLessThanOrEqual(first.reduce((sum, each) => sum + each.jobs, 0) + 1e-6);
      }),
    );
  });
});
