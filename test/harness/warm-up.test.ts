import { describe, expect, it } from 'vitest';
import { gauge, warmUp, type WorkWindow } from '#dist/src/harness/warm-up.js';

const shape = { warm: { windowMs: 40, learnMs: 0, leastMs: 0, mostMs: 1e6 }, sampleMs: 1 };

/** Windows of 40 ms with these rates, in jobs a ms, the last again and again. */
function windowsOf(...rates: number[]) {
  return windowsWith(() => 1, rates);
}

function windowsWith(coresIn: (ms: number) => number, rates: readonly number[]) {
  const asked: { ms: number; batch: number }[] = [];
  const window = async (ms: number, batch: number): Promise<WorkWindow> => {
    const rate = rates[Math.min(asked.length, rates.length - 1)] as number;
    asked.push({ ms, batch });
    const jobs = rate * ms;
    const collections = { count: 1, ms: 2 };
    return {
      jobs,
      ms,
      allJobs: jobs + 1,
      cores: coresIn(ms),
      otherCores: 0,
      collections,
      wallMs: ms + 3,
    };
  };
  return { asked, window };
}

const rounds = (count: number, rate: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => rate(i));

describe('a warm-up', () => {
  it('ends when the rate is steady, and tells how much work that took', async () => {
    const { window, asked } = windowsOf(...rounds(10, () => 10), 40);
    const warmed = await warmUp(shape, null, 4, window);
    expect(warmed).toMatchObject({ flat: true });
    expect(warmed?.jobs).toBeGreaterThan(10 * 10 * 40);
    expect(asked.length).toBeLessThan(30);
    // Samples of about a ms, and never of fewer jobs than are in flight.
    expect(asked[0]).toEqual({ ms: 40, batch: 4 });
    expect(asked.at(-1)).toEqual({ ms: 40, batch: 40 });
  });

  it('ends at its bound when the rate rises for ever, says so, and has learned nothing', async () => {
    const { window } = windowsOf(...rounds(200, (i) => 10 * 1.02 ** i));
    const bound = { ...shape, warm: { ...shape.warm, mostMs: 2000 } };
    const warmed = await warmUp(bound, null, 4, window);
    expect(warmed).toMatchObject({ flat: false, jobs: null });
    expect(warmed?.ms).toBeGreaterThanOrEqual(2000);
    expect(warmed?.ms).toBeLessThan(2000 + 43);
  });

  it('lasts as long as it has to, however flat the rate', async () => {
    const learn = { ...shape, warm: { ...shape.warm, learnMs: 3000, leastMs: 700 } };
    const first = await warmUp(learn, null, 4, windowsOf(10).window);
    expect(first?.ms).toBeGreaterThanOrEqual(3000);
    // A least time is so much work, too, for the next process.
    expect(first?.jobs).toBe(700 * 10);
    const later = await warmUp(learn, 1, 4, windowsOf(10).window);
    expect(later?.flat).toBe(true);
    expect(later?.ms).toBeGreaterThanOrEqual(700);
    expect(later?.ms).toBeLessThan(3000);
  });

  it('does as many jobs as are known to be enough, however flat the rate', async () => {
    const { window, asked } = windowsOf(10);
    expect(await warmUp(shape, 9000, 4, window)).toMatchObject({ flat: true, jobs: 9000 });
    expect(asked).toHaveLength(Math.ceil(9000 / 401));
    const short = { ...shape, warm: { ...shape.warm, mostMs: 500 } };
    expect(await warmUp(short, 9000, 4, windowsOf(10).window)).toMatchObject({ flat: false });
  });

  it('is none when the contestant fails', async () => {
    expect(await warmUp(shape, null, 4, async () => null)).toBeNull();
  });
});

describe('a contestant alone', () => {
  it('is gauged by some windows: its rate, its collections, and what a slice costs beside its samples', async () => {
    const { window, asked } = windowsOf(100);
    const gauged = await gauge(shape, 4, window);
    expect(gauged?.jobsPerMs).toBe(100);
    expect(gauged?.needs.overheadMs).toBe(3);
    expect(gauged?.needs.cores).toBe(1);
    // One collection in the time of 4,001 jobs, of which 4,000 took 40 ms.
    expect(gauged?.needs.msPerCollection).toBeCloseTo((40 * 4001) / 4000, 9);
    expect(gauged?.needs.collecting).toBeCloseTo((2 * 4000) / (40 * 4001), 9);
    expect(asked.map(({ batch }) => batch)).toEqual([4, 100, 100, 100, 100]);
  });

  it('has a longer window where short ones leave open on how many cores it works', async () => {
    const { window, asked } = windowsWith((ms) => (ms > 100 ? 1.9 : 1.2), [100]);
    const gauged = await gauge(shape, 4, window);
    expect(gauged?.needs.cores).toBe(1.9);
    expect(asked.map(({ ms }) => ms)).toEqual([40, 40, 40, 40, 40, 150]);
  });
});
