/** Where curves cross: exactly without noise, and within its interval as often as it says with it. */
import { describe, expect, it } from 'vitest';
import { seeded } from '#dist/src/stats/random.js';
import { crossings, signsOf, type CurvePoint } from '#dist/src/stats/crossing.js';

/** Sum of twelve: close enough to a normal number. */
function normal(random: ReturnType<typeof seeded>): number {
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += random.int(0, 1 << 20) / (1 << 20);
  return sum - 6;
}

function curve(
  xs: readonly number[],
  difference: (x: number) => number,
  { rounds = 4, spread = 0, seed = 1 } = {},
): CurvePoint[] {
  const random = seeded(seed);
  return xs.map((x) => ({
    x,
    differences: Array.from({ length: rounds }, () => difference(x) + spread * normal(random)),
  }));
}

const XS = [10, 20, 40, 80, 160, 320, 640];
const crossesAt200 = (x: number): number => Math.log(x / 200);

describe('crossings', () => {
  it('finds the zero of a line exactly, on either scale and in either direction', () => {
    const [up] = crossings(curve(XS, crossesAt200), 'log');
    expect(up).toMatchObject({ from: 160, to: 320, becomes: 'above' });
    expect(up?.at).toBeCloseTo(200, 6);
    expect(up?.low).toBeCloseTo(200, 6);
    const [down] = crossings(
      curve(XS, (x) => 1 - x / 200),
      'linear',
    );
    expect(down).toMatchObject({ becomes: 'below' });
    expect(down?.at).toBeCloseTo(200, 6);
  });

  it('does not depend on the order of the points, and leaves out those without a round', () => {
    const points = curve(XS, crossesAt200, { spread: 0.05 });
    const shuffled = [...points.toReversed(), { x: 5, differences: [] }];
    expect(crossings(shuffled, 'log')).toEqual(crossings(points, 'log'));
  });

  it('has the true place in its interval as often as it says', () => {
    const runs = 400;
    let inside = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const [found] = crossings(curve(XS, crossesAt200, { spread: 0.1, seed }), 'log');
      if (found?.low == null || found.high === null) continue;
      if (found.low <= 200 && 200 <= found.high) inside++;
    }
    // 95% of 400 are 380; that few or fewer as 366 happen once in 20,000 times.
    expect(inside).toBeGreaterThanOrEqual(366);
    expect(inside).toBeLessThan(runs);
  });

  it('ends where the band of the line covers zero no more', () => {
    const points = curve([100, 200, 400], crossesAt200, { spread: 0.2, rounds: 5, seed: 3 });
    const [found] = crossings(points, 'log');
    if (found?.low == null || found.high === null) throw new Error('no interval');
    // The band, from the textbook's formula, with R's qt(0.975, 12): 15 rounds less 3 means.
    const all = points.flatMap(({ x, differences }) =>
      differences.map((y) => ({ t: Math.log(x), y })),
    );
    const n = all.length;
    const t0 = all.reduce((sum, { t }) => sum + t, 0) / n;
    const y0 = all.reduce((sum, { y }) => sum + y, 0) / n;
    const sxx = all.reduce((sum, { t }) => sum + (t - t0) ** 2, 0);
    const slope = all.reduce((sum, { t, y }) => sum + (t - t0) * (y - y0), 0) / sxx;
    const within = points.reduce((sum, { differences }) => {
      const center = differences.reduce((a, b) => a + b, 0) / differences.length;
      return sum + differences.reduce((a, b) => a + (b - center) ** 2, 0);
    }, 0);
    const about = all.reduce((sum, { t, y }) => sum + (y - y0 - slope * (t - t0)) ** 2, 0);
    const [variance, quantile] =
      about / (n - 2) > within / 12 ? [about / (n - 2), 2.160369] : [within / 12, 2.178813];
    for (const end of [found.low, found.high]) {
      const d = Math.log(end) - t0;
      const half = quantile * Math.sqrt(variance * (1 / n + d ** 2 / sxx));
      expect(Math.abs(y0 + slope * d)).toBeCloseTo(half, 5);
    }
  });

  it('finds none where curves are equal, or one is ahead everywhere', () => {
    let false_ = 0;
    for (let seed = 1; seed <= 100; seed++) {
      false_ += crossings(
        curve(XS, () => 0, { spread: 0.1, seed }),
        'log',
      ).length;
    }
    // Both a + and a − are needed, and each is there in 5% of curves at most.
    expect(false_).toBeLessThanOrEqual(2);
    expect(
      crossings(
        curve(XS, () => 0.5, { spread: 0.1 }),
        'log',
      ),
    ).toEqual([]);
  });

  it('finds both of two', () => {
    const hill = (x: number): number => 1 - Math.abs(Math.log(x / 80));
    const found = crossings(curve(XS, hill, { spread: 0.02 }), 'log');
    expect(found.map(({ becomes }) => becomes)).toEqual(['above', 'below']);
    expect(found[0]?.at).toBeCloseTo(80 / Math.E, 0);
    expect(found[1]?.at).toBeCloseTo(80 * Math.E, -1);
  });

  it('has no interval without a second round anywhere', () => {
    const [found] = crossings(curve(XS, crossesAt200, { rounds: 1 }), 'log');
    expect(found).toMatchObject({ low: null, high: null });
  });

  it('is not fooled by a point of one round among those of many', () => {
    const points = curve(XS, crossesAt200, { spread: 0.02, rounds: 6 });
    points[1] = { x: 20, differences: [0.01] };
    expect(crossings(points, 'log')).toHaveLength(1);
  });
});

it('a sign is given where the interval leaves out zero', () => {
  const points = curve([50, 200, 800], crossesAt200, { spread: 0.05, rounds: 5 });
  expect(signsOf([...points, { x: 900, differences: [] }])).toEqual([-1, 0, 1, null]);
});
