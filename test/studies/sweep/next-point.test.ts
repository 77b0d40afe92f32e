/** Sweeps of curves that are known, decided by the same rules as real ones. */
import { describe, expect, it } from 'vitest';
import { seeded } from '#dist/src/stats/random.js';
import { crossings } from '#dist/src/stats/crossing.js';
import { nextPoint, type SweepState } from '#dist/src/studies/sweep/next-point.js';
import { coarseOf, gridOf, parseRange } from '#dist/src/studies/sweep/range.js';

const range = parseRange('us=10..1000:log');
const grid = gridOf(range);

/** Rounds until nothing is left to find, at most `most`. */
function swept(
  curves: readonly ((x: number) => number)[],
  { most = 200, spread = 0.03, seed = 1, over = grid.map(() => false) } = {},
): { state: SweepState; rounds: number } {
  const random = seeded(seed);
  const noise = (): number => ((random.int(0, 2000) - 1000) / 1000) * spread * Math.sqrt(3);
  let state: SweepState = {
    grid,
    coarse: coarseOf(grid),
    scale: 'log',
    rounds: grid.map(() => 0),
    over,
    curves: curves.map(() => grid.map((x) => ({ x, differences: [] }))),
  };
  for (let rounds = 0; rounds < most; rounds++) {
    const at = nextPoint(state);
    if (at === null) return { state, rounds };
    state = {
      ...state,
      rounds: state.rounds.map((count, i) => (i === at ? count + 1 : count)),
      curves: state.curves.map((curve, which) =>
        curve.map((point, i) =>
          i === at
            ? {
                x: point.x,
                differences: [...point.differences, (curves[which]?.(point.x) ?? 0) + noise()],
              }
            : point,
        ),
      ),
    };
  }
  return { state, rounds: most };
}

describe('the next point', () => {
  it('finds a crossing and spends most rounds about it', () => {
    const { state } = swept([(x) => Math.log(x / 210)], { most: 60, spread: 0.1 });
    const [found] = crossings(state.curves[0] ?? [], 'log');
    expect(found?.low).toBeLessThanOrEqual(210);
    expect(found?.high).toBeGreaterThanOrEqual(210);
    expect((found?.high ?? 0) / (found?.low ?? 1)).toBeLessThan(1.3);
    const near = state.rounds.filter((_, i) => Math.abs(Math.log((grid[i] ?? 1) / 210)) < 0.7);
    const far = state.rounds.filter((_, i) => Math.abs(Math.log((grid[i] ?? 1) / 210)) >= 0.7);
    const total = (counts: number[]): number => counts.reduce((a, b) => a + b, 0);
    expect(total(near) / near.length).toBeGreaterThan((3 * total(far)) / far.length);
  });

  it('finds those of two policies', () => {
    const { state } = swept([(x) => Math.log(x / 30), (x) => Math.log(400 / x)], { most: 120 });
    const [first, second] = state.curves.map((curve) => crossings(curve, 'log'));
    expect(first?.[0]?.at).toBeCloseTo(30, -1);
    expect(second?.[0]).toMatchObject({ becomes: 'below' });
    expect(Math.abs((second?.[0]?.at ?? 0) / 400 - 1)).toBeLessThan(0.1);
  });

  it('ends soon where nobody crosses', () => {
    const { rounds, state } = swept([() => 0.4]);
    expect(rounds).toBe(coarseOf(grid).length * 4);
    expect(crossings(state.curves[0] ?? [], 'log')).toEqual([]);
  });

  it('goes around points that cannot go on, and ends where none can', () => {
    const over = grid.map((x) => x > 150 && x < 300);
    const { state } = swept([(x) => Math.log(x / 210)], { over, most: 100 });
    expect(state.rounds.filter((count, i) => over[i] === true && count > 0)).toEqual([]);
    expect(swept([() => 0], { over: grid.map(() => true) }).rounds).toBe(0);
  });
});
