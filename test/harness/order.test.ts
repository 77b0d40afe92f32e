import { describe, expect, it } from 'vitest';
import { williamsRows } from '#dist/src/harness/order.js';
import { PLAIN, ROUND, startOrder, turnOrder, type Plan } from '#dist/src/harness/plan.js';
import { LIMITS } from '#dist/src/studies/plan.js';

describe('williamsRows', () => {
  for (const k of [1, 2, 3, 4, 5, 6, 7]) {
    it(`balances places and neighbours for ${k}`, () => {
      const rows = williamsRows(k);
      const places = new Map<string, number>();
      const follows = new Map<string, number>();
      const add = (counts: Map<string, number>, key: string): void =>
        void counts.set(key, (counts.get(key) ?? 0) + 1);
      for (const row of rows) {
        expect(row.toSorted((a, b) => a - b)).toEqual(Array.from({ length: k }, (_, i) => i));
        for (const [place, member] of row.entries()) {
          add(places, `${member}@${place}`);
          if (place > 0) add(follows, `${row[place - 1]}>${member}`);
        }
      }
      expect(places.size).toBe(k * k);
      expect(new Set(places.values()).size).toBe(1);
      expect(follows.size).toBe(k * (k - 1));
      expect(new Set(follows.values()).size).toBe(k === 1 ? 0 : 1);
    });
  }
});

describe('the orders of a round', () => {
  const plan: Plan = {
    reference: 'a',
    cases: [],
    effort: { rounds: 1 },
    round: ROUND,
    limits: LIMITS,
    launch: PLAIN,
    seed: 7,
  };
  const names = ['a', 'b', 'c', 'd'];

  it('are the same for the same seed, round and case', () => {
    expect(startOrder(plan, names, 2, 1)).toEqual(startOrder(plan, names, 2, 1));
    expect(turnOrder(plan, names, 2, 1, 8)).toEqual(turnOrder(plan, names, 2, 1, 8));
  });

  it('differ between rounds, and between seeds', () => {
    const orders = [0, 1, 2, 3].map((round) => JSON.stringify(startOrder(plan, names, round, 0)));
    expect(new Set(orders).size).toBe(4);
    expect(startOrder({ ...plan, seed: 8 }, names, 0, 0)).not.toEqual(
      startOrder(plan, names, 0, 0),
    );
    const turns = [0, 1, 2, 3].map((round) => JSON.stringify(turnOrder(plan, names, round, 0, 4)));
    expect(new Set(turns).size).toBeGreaterThan(1);
    expect(turnOrder({ ...plan, seed: 8 }, names, 0, 0, 4)).not.toEqual(
      turnOrder(plan, names, 0, 0, 4),
    );
  });

  it('let every contestant work once in every turn, in as many turns as balance takes', () => {
    expect(startOrder(plan, names, 0, 0).toSorted()).toEqual(names);
    const turns = turnOrder(plan, names, 0, 0, 10);
    expect(turns).toHaveLength(12);
    for (const turn of turns) expect(turn.toSorted()).toEqual(names);
  });
});
