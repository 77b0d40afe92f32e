import { describe, expect, it } from 'vitest';
import { isFlat, warmUp } from '#dist/src/contestant/warm-up.js';

describe('a rate', () => {
  it('is flat when the later half is not faster than the earlier by more than 5%', () => {
    expect(isFlat([100, 105])).toBe(true);
    expect(isFlat([100, 106])).toBe(false);
    expect(isFlat([50, 100, 101, 60])).toBe(true);
  });

  it('is not flat after a slice, nor on a plateau that is shorter than the climb before it', () => {
    expect(isFlat([100])).toBe(false);
    // An echo server, 25 ms each: two tiers of the compiler, and a step between them after the least 250 ms.
    const rates = [42, 38, 43, 50, 71, 58, 68, 77, 70, 59, 75, 98, 87, 86, 95, 100, 96, 97, 101];
    const flatAt = rates.findIndex((_, at) => at >= 9 && isFlat(rates.slice(0, at + 1)));
    expect(rates.slice(0, flatAt)).toContain(98);
  });

  it('is not unsettled by slow slices', () => {
    expect(isFlat([100, 20, 101, 100, 30, 10])).toBe(true);
  });
});

describe('a warm-up', () => {
  /** Slices that take a turn of the event loop each, with these rates, the last again and again. */
  const slicesOf = (...rates: number[]) => {
    let at = 0;
    return async () => ({ jobs: rates[Math.min(at++, rates.length - 1)] as number, ms: 1 });
  };

  it('ends when the rate is flat, and tells the best', async () => {
    const slice = slicesOf(10, 20, 40, 40, 39, 41, 40);
    const { jobsPerMs, flat } = await warmUp({ leastMs: 0, mostMs: 1e6, slice });
    expect([jobsPerMs, flat]).toEqual([41, true]);
  });

  it('ends at its bound when the rate rises for ever, and says so', async () => {
    let jobs = 0; // the later half is always twice as fast as the earlier
    const slice = async () => ({ jobs: ++jobs, ms: 1 });
    const { flat, ms } = await warmUp({ leastMs: 0, mostMs: 5, slice });
    expect(flat).toBe(false);
    expect(ms).toBeGreaterThanOrEqual(5);
  });

  it('lasts as long as it has to, however flat the rate', async () => {
    const { ms, flat } = await warmUp({ leastMs: 10, mostMs: 1e6, slice: slicesOf(1) });
    expect(flat).toBe(true);
    expect(ms).toBeGreaterThanOrEqual(10);
  });
});
