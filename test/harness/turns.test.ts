import { describe, expect, it } from 'vitest';
import { blocksFor, firstBlocks, isWide, turnsFor, variancesOf } from '#dist/src/harness/turns.js';
import { normalNoise } from '../stats/noise.js';

const needs = { msPerCollection: null, collecting: 0, overheadMs: 3, cores: 1 };
const wide = { ms: 150, leadMs: 30 };

const free = { turnMs: null, blockMs: null };

describe('a turn', () => {
  it('is 16 ms at least', () => {
    expect(turnsFor([needs, needs], free).turnMs).toBe(16);
    expect(turnsFor([], free).turnMs).toBe(16);
  });

  it('is three times what it takes to begin and end one, where that is longer, and a block at most', () => {
    expect(turnsFor([needs, { ...needs, overheadMs: 6 }], free).turnMs).toBe(18);
    expect(turnsFor([{ ...needs, overheadMs: 20 }], free)).toEqual({
      turnMs: 60,
      blockMs: 60,
      perBlock: 1,
      wide,
    });
    expect(turnsFor([{ ...needs, overheadMs: 50 }], free).turnMs).toBe(110);
  });

  it('is what it is told to be', () => {
    const given = { turnMs: 250, blockMs: 250 };
    expect(turnsFor([needs], given)).toEqual({ ...given, perBlock: 1, wide: { ms: 250 } });
  });

  it('does not grow for a contestant that works on several cores: that has a long one of its own', () => {
    const pool = { msPerCollection: 25, collecting: 0.1, overheadMs: 30, cores: 1.7 };
    expect([needs, pool].map(isWide)).toEqual([false, true]);
    expect(turnsFor([needs, pool], free)).toEqual({ turnMs: 16, blockMs: 110, perBlock: 7, wide });
    expect(turnsFor([pool], free).wide).toEqual(wide);
  });
});

describe('a block of turns', () => {
  it('is 50 ms where nothing is collected', () => {
    expect(turnsFor([needs, needs], free)).toEqual({ turnMs: 16, blockMs: 50, perBlock: 3, wide });
  });

  it('holds four collections of the contestant that collects least often, 110 ms at most', () => {
    const often = { ...needs, msPerCollection: 2, collecting: 0.2 };
    const seldom = { ...needs, msPerCollection: 25, collecting: 0.1 };
    expect(turnsFor([often, seldom], free)).toEqual({
      turnMs: 16,
      blockMs: 100,
      perBlock: 6,
      wide,
    });
    expect(turnsFor([{ ...seldom, msPerCollection: 90 }], free).blockMs).toBe(110);
  });

  it('is no longer for collections that cost next to nothing', () => {
    const rare = { ...needs, msPerCollection: 40, collecting: 0.005 };
    expect(turnsFor([rare], free).blockMs).toBe(50);
  });
});

describe('the blocks of a round', () => {
  const noise = normalNoise(3);
  /** Rounds of so many blocks, whose processes and blocks differ by these standard deviations. */
  const roundsOf = (rounds: number, blocks: number, process: number, block: number): number[][] =>
    Array.from({ length: rounds }, () => {
      const own = process * noise();
      return Array.from({ length: blocks }, () => own + block * noise());
    });

  it('fill half of the time at first', () => {
    expect(firstBlocks({ processMs: 6000, blockMs: 300 }, 4)).toBe(20);
    expect(firstBlocks({ processMs: 20_000, blockMs: 200 }, 4)).toBe(40);
    expect(firstBlocks({ processMs: 300, blockMs: 200 }, 4)).toBe(4);
    expect(firstBlocks({ processMs: 6000, blockMs: 300 }, 4, 3000)).toBe(10);
    expect(firstBlocks({ processMs: 6000, blockMs: 300 }, 4, -1000)).toBe(6);
  });

  it('tell the variance of blocks from that of processes', () => {
    const { within, between } = variancesOf([roundsOf(300, 16, 0.03, 0.08)]);
    expect(Math.sqrt(within as number)).toBeCloseTo(0.08, 2);
    expect(Math.sqrt(between as number)).toBeCloseTo(0.03, 2);
    expect(variancesOf([roundsOf(1, 16, 0.03, 0.08)]).between).toBeNull();
    expect(variancesOf([[]])).toEqual({ within: null, between: null });
  });

  it('follow from what a process costs and how much processes differ', () => {
    const logs = [roundsOf(300, 16, 0.03, 0.08)];
    // √(2000 / 200 · (0.08 / 0.03)²) = 8.4
    const blocks = blocksFor(logs, { processMs: 2000, blockMs: 200 }) as number;
    expect(blocks).toBeGreaterThanOrEqual(8);
    expect(blocks).toBeLessThanOrEqual(10);
    expect(blocksFor(logs, { processMs: 8000, blockMs: 200 })).toBeGreaterThan(14);
    // Of 300 processes that do not differ, chance makes some that seem to.
    const same = [roundsOf(3000, 16, 0, 0.08)];
    expect(blocksFor(same, { processMs: 2000, blockMs: 200 })).toBe(40);
    expect(blocksFor([roundsOf(1, 16, 0, 0.08)], { processMs: 2000, blockMs: 200 })).toBeNull();
  });
});
