import { describe, expect, it } from 'vitest';
import { firstTurns, turnMsFor, turnsFor, variancesOf } from '#dist/src/harness/turns.js';
import { normalNoise } from '../stats/noise.js';

const needs = { msPerCollection: null, collecting: 0, overheadMs: 3 };

describe('a turn', () => {
  it('is 50 ms where nothing is collected', () => {
    expect(turnMsFor([needs, needs])).toBe(50);
    expect(turnMsFor([])).toBe(50);
  });

  it('holds four collections of the contestant that collects least often, 110 ms at most', () => {
    const often = { ...needs, msPerCollection: 2, collecting: 0.2 };
    const seldom = { ...needs, msPerCollection: 25, collecting: 0.1 };
    expect(turnMsFor([often, seldom])).toBe(100);
    expect(turnMsFor([{ ...seldom, msPerCollection: 90 }])).toBe(110);
  });

  it('is no longer for collections that cost next to nothing', () => {
    expect(turnMsFor([{ ...needs, msPerCollection: 40, collecting: 0.005 }])).toBe(50);
  });

  it('is three times what it takes to begin and end one', () => {
    expect(turnMsFor([{ ...needs, overheadMs: 20 }])).toBe(60);
  });
});

describe('the turns of a round', () => {
  const noise = normalNoise(3);
  /** Rounds of so many turns, whose processes and turns differ by these standard deviations. */
  const roundsOf = (rounds: number, turns: number, process: number, turn: number): number[][] =>
    Array.from({ length: rounds }, () => {
      const own = process * noise();
      return Array.from({ length: turns }, () => own + turn * noise());
    });

  it('are as many as fill some 0.4 s at first', () => {
    expect([50, 80, 110].map(firstTurns)).toEqual([9, 6, 4]);
  });

  it('tell the variance of turns from that of processes', () => {
    const { within, between } = variancesOf([roundsOf(300, 16, 0.03, 0.08)]);
    expect(Math.sqrt(within as number)).toBeCloseTo(0.08, 2);
    expect(Math.sqrt(between as number)).toBeCloseTo(0.03, 2);
    expect(variancesOf([roundsOf(1, 16, 0.03, 0.08)]).between).toBeNull();
    expect(variancesOf([[]])).toEqual({ within: null, between: null });
  });

  it('follow from what a process costs and how much processes differ', () => {
    const logs = [roundsOf(300, 16, 0.03, 0.08)];
    // √(2000 / 200 · (0.08 / 0.03)²) = 8.4
    const turns = turnsFor(logs, { processMs: 2000, turnMs: 200 }) as number;
    expect(turns).toBeGreaterThanOrEqual(8);
    expect(turns).toBeLessThanOrEqual(10);
    expect(turnsFor(logs, { processMs: 8000, turnMs: 200 })).toBeGreaterThan(14);
    expect(turnsFor([roundsOf(300, 16, 0, 0.08)], { processMs: 2000, turnMs: 200 })).toBe(40);
    expect(turnsFor([roundsOf(1, 16, 0, 0.08)], { processMs: 2000, turnMs: 200 })).toBeNull();
  });
});
