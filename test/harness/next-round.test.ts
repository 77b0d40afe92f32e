import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  LEAST_ROUNDS,
  msUntilPrecise,
  nextRound,
  type CaseState,
} from '#dist/src/harness/next-round.js';

/** One contestant's log ratios; what its blocks explain is the same in all cases. */
const state = (rounds: number, logs: number[] = [], rest: Partial<CaseState> = {}): CaseState => ({
  rounds,
  roundMs: 1000,
  observations: [{ logs, unit: 0.05 }],
  over: false,
  ...rest,
});
const plenty = { budgetMs: 1e6, spentMs: 0, precision: 0 };

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

  it('is not taken in by a few rounds that happen to agree, where other cells say that they differ', () => {
    const usual = Array.from({ length: 10 }, (_, i) => state(4, [0, 0.1, -0.1, 0.05 * (i % 3)]));
    const lucky = state(2, [0.1, 0.1]);
    expect(nextRound([...usual, lucky], plenty)).toBe(10);
  });

  it('takes a case for as wide as its noise, where rounds agree as well as in the others', () => {
    const usual = Array.from({ length: 10 }, (_, i) => state(4, [0, 0.1, -0.1, 0.05 * (i % 3)]));
    const logs = [0, 0.1, -0.1, 0.05];
    const quiet = state(4, logs, { observations: [{ logs, unit: 0.01 }] });
    const noisy = state(4, logs, { observations: [{ logs, unit: 0.2 }] });
    const spending = { ...plenty, precision: 0.05 };
    expect(nextRound([...usual, quiet, noisy], spending)).toBe(11);
    expect(msUntilPrecise([...usual, quiet], 10, 0.05)).toBeLessThan(
      msUntilPrecise([...usual, noisy], 10, 0.05),
    );
  });

  it('ends when every case is as narrow as was asked for, and says how long that would take', () => {
    const narrow = state(6, [0, 0.01, -0.01, 0, 0.01, -0.01]);
    const wide = state(6, [0, 0.1, -0.1, 0, 0.1, -0.1]);
    const precision = 0.05;
    expect(nextRound([narrow, narrow], { ...plenty, precision })).toBeNull();
    expect(nextRound([narrow, wide], { ...plenty, precision })).toBe(1);
    expect(msUntilPrecise([narrow, wide], 0, precision)).toBe(0);
    // ± t s / √n with s = 0.09: some 15 rounds in all, a second each.
    expect(msUntilPrecise([narrow, wide], 1, precision)).toBeGreaterThan(6000);
    expect(msUntilPrecise([narrow, wide], 1, precision)).toBeLessThan(20_000);
  });

  it('passes over what is over, and what no longer fits', () => {
    const states = [
      state(0, [], { over: true }),
      state(0, [], { roundMs: 5000 }),
      state(1, [], { roundMs: 900 }),
    ];
    expect(nextRound(states, { ...plenty, budgetMs: 10_000, spentMs: 9000 })).toBe(2);
    expect(nextRound(states, { ...plenty, budgetMs: 10_000, spentMs: 9900 })).toBeNull();
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
          const at = nextRound(states, { budgetMs, spentMs, precision: 0 });
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
