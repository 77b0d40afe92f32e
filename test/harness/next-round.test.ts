import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAST_ROUNDS, nextRound, type CaseState } from '#dist/src/harness/next-round.js';

const state = (rounds: number, observations: number[] = [], rest: Partial<CaseState> = {}) => ({
  rounds,
  roundMs: 1000,
  observations: [observations],
  over: false,
  ...rest,
});
const plenty = { budgetMs: 1e6, spentMs: 0 };

describe('nextRound', () => {
  it('gives every case its first rounds in turn', () => {
    const rounds = [0, 0, 0];
    const order: (number | null)[] = [];
    for (let i = 0; i < 3 * LEAST_ROUNDS; i++) {
      const at = nextRound(
        rounds.map((each) => state(each)),
        plenty,
      ) as number;
      order.push(at);
      rounds[at] = (rounds[at] as number) + 1;
    }
    expect(order).toEqual(Array.from({ length: LEAST_ROUNDS }, () => [0, 1, 2]).flat());
  });

  it('then looks after the widest', () => {
    const narrow = state(6, [0, 0.01, -0.01, 0, 0.01, -0.01]);
    const wide = state(6, [0, 0.3, -0.3, 0, 0.3, -0.3]);
    expect(nextRound([narrow, wide, narrow], plenty)).toBe(1);
  });

  it('and, at the same width, after the one whose round costs least', () => {
    const values = [0, 0.1, -0.1, 0.05];
    const states = [3000, 500, 1000].map((roundMs) => state(4, values, { roundMs }));
    expect(nextRound(states, plenty)).toBe(1);
  });

  it('is not taken in by a few rounds that happen to agree', () => {
    const lucky = state(4, [0.1, 0.1, 0.1, 0.1]);
    const settled = state(12, [0.02, -0.02, 0, 0.02, -0.02, 0, 0.02, -0.02, 0, 0.02, -0.02, 0]);
    expect(nextRound([settled, lucky], plenty)).toBe(1);
  });

  it('passes over what is over, and what no longer fits', () => {
    const states = [
      state(0, [], { over: true }),
      state(0, [], { roundMs: 5000 }),
      state(3, [], { roundMs: 900 }),
    ];
    expect(nextRound(states, { budgetMs: 10_000, spentMs: 9000 })).toBe(2);
    expect(nextRound(states, { budgetMs: 10_000, spentMs: 9900 })).toBeNull();
    expect(nextRound([], plenty)).toBeNull();
  });

  it('spends a budget to within a round, never more than a tenth over', () => {
    const cases = fc.array(
      fc.record({
        roundMs: fc.integer({ min: 300, max: 8000 }),
        spread: fc.double({ min: 0, max: 0.5, noNaN: true }),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(cases, fc.integer({ min: 10_000, max: 200_000 }), (costs, budgetMs) => {
        const rounds = costs.map(() => 0);
        let spentMs = 0;
        for (;;) {
          const states = costs.map(({ roundMs, spread }, i) =>
            state(
              rounds[i] as number,
              Array.from({ length: rounds[i] as number }, (_, k) => (k % 2 ? spread : -spread)),
              { roundMs },
            ),
          );
          const at = nextRound(states, { budgetMs, spentMs });
          if (at === null) break;
          rounds[at] = (rounds[at] as number) + 1;
          spentMs += costs[at]?.roundMs as number;
        }
        expect(spentMs).toBeLessThanOrEqual(budgetMs * 1.1);
        const cheapest = Math.min(...costs.map(({ roundMs }) => roundMs));
        expect(spentMs + cheapest).toBeGreaterThan(budgetMs);
        const [most, fewest] = [Math.max(...rounds), Math.min(...rounds)];
        if (most > LEAST_ROUNDS + 1 && fewest < LEAST_ROUNDS) {
          // Only a case whose round was too long for what was left may have been left behind.
          const left = costs.filter((_, i) => (rounds[i] as number) < LEAST_ROUNDS);
          for (const { roundMs } of left) expect(spentMs + roundMs).toBeGreaterThan(budgetMs);
        }
      }),
    );
  });
});
