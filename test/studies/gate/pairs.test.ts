import { describe, expect, it } from 'vitest';
import { gateDesign } from '#dist/src/studies/gate/gate-design.js';
import { nextPair, type CellSoFar } from '#dist/src/studies/gate/measure.js';
import { pairsOf } from '#dist/src/studies/gate/pairs.js';
import type { Round } from '#dist/src/documents/results.js';

/** Of each turn, its samples in ms per job; what else a round has does not matter here. */
function roundOf(round: number, turns: number[][], block = 1): Round {
  return {
    round,
    block,
    slices: turns.map((samplesMs, turn) => ({ turn, samplesMs })),
  } as unknown as Round;
}

const ramp = (from: number): number[] => Array.from({ length: 11 }, (_, i) => from + i / 10);

describe('which cell gets the next pair', () => {
  const cell = (pairs: number[], over = false): CellSoFar => ({ pairs, over });
  const design = gateDesign();
  const next = (cells: CellSoFar[], spentMs = cells.map(() => 1000), leftMs = 1e6): number | null =>
    nextPair(cells, spentMs, design, leftMs);

  it('is each in turn, until all have three', () => {
    expect(next([cell([0.01, 0]), cell([0.02]), cell([0, 0, 0])])).toBe(1);
    expect(next([cell([]), cell([])])).toBe(0);
  });

  it('is then the one that seems to need the least time', () => {
    const near = cell([0.001, -0.002, 0.001]);
    const far = cell([0.05, -0.2, 0.2]);
    expect(next([far, near])).toBe(1);
    // The same pairs, but each takes a hundred times as long.
    const alike = [cell([0.01, -0.02, 0.015]), cell([0.01, -0.02, 0.015])];
    expect(next(alike, [100_000, 1000])).toBe(1);
    expect(next(alike, [1000, 100_000])).toBe(0);
  });

  it('is none that would need more time than is left', () => {
    const noisy = cell(Array.from({ length: 12 }, (_, at) => (at % 2 ? 0.3 : -0.2)));
    const young = cell([0.3, -0.2, 0.25]);
    expect(next([noisy], [12_000], 10_000)).toBeNull();
    expect(next([noisy, young], [12_000, 3000], 10_000)).toBe(1);
    const near = cell(Array.from({ length: 12 }, (_, at) => (at % 2 ? 0.06 : -0.05)));
    expect(next([noisy, near], [12_000, 12_000], 60_000)).toBe(1);
  });

  it('is none that is decided, has failed, or has as many as it may', () => {
    const decided = cell(Array.from({ length: 8 }, (_, at) => 0.001 * (at % 3)));
    const broken = cell([0.1], true);
    const hopeless = cell(Array.from({ length: 100 }, (_, at) => (at % 2 ? 0.6 : -0.5)));
    expect(next([decided, broken, hopeless])).toBeNull();
    expect(next([decided, cell([0.01, 0.02])])).toBe(1);
  });
});

describe('pairsOf', () => {
  it('is the log of head over base, of the fast samples: positive is slower', () => {
    const [pair] = pairsOf([roundOf(0, [ramp(1)])], [roundOf(0, [ramp(2)])], 'fast');
    expect(pair).toBeCloseTo(Math.log(2.1 / 1.1), 12);
    const [back] = pairsOf([roundOf(0, [ramp(2)])], [roundOf(0, [ramp(1)])], 'fast');
    expect(back).toBeCloseTo(-(pair as number), 12);
  });

  it('is of the median sample where that is the quantity', () => {
    const [pair] = pairsOf([roundOf(0, [ramp(1)])], [roundOf(0, [ramp(2)])], 'typical');
    expect(pair).toBeCloseTo(Math.log(2.5 / 1.5), 12);
  });

  it('is of the CPU time of all jobs that it covers, where that is the quantity', () => {
    const side = (cpuUserUs: number, cpuSystemUs: number, cpuJobs: number): Round =>
      ({
        round: 0,
        block: 1,
        slices: [{ turn: 0, jobs: 1, samplesMs: [9], cpuUserUs, cpuSystemUs, cpuJobs }],
      }) as unknown as Round;
    const [pair] = pairsOf([side(30, 10, 4)], [side(20, 10, 2)], 'cpu');
    expect(pair).toBeCloseTo(Math.log(15 / 10), 12);
    expect(pairsOf([side(30, 10, 4)], [side(20, 10, 0)], 'cpu')).toEqual([]);
  });

  it('is the middle of its blocks, so that a disturbed one does not count', () => {
    const base = roundOf(0, [[1], [1], [1], [1], [1]]);
    const [pair] = pairsOf([base], [roundOf(0, [[1.1], [50], [1.1], [1.1], [1.1]])], 'fast');
    expect(pair).toBeCloseTo(Math.log(1.1), 12);
  });

  it('takes the quantile of a block from all its turns', () => {
    const base = roundOf(
      0,
      [
        [1, 2],
        [3, 4],
      ],
      2,
    );
    const head = roundOf(0, [[6], [2, 4, 8]], 2);
    expect(pairsOf([base], [head], 0)).toEqual([Math.log(2)]);
  });

  it('compares the same rounds and the same turns, and nothing else', () => {
    const base = [roundOf(0, [[1], []]), roundOf(2, [[1]])];
    const head = [roundOf(0, [[2], [9]]), roundOf(1, [[9]]), roundOf(2, [[3]])];
    expect(pairsOf(base, head, 'fast')).toEqual([Math.log(2), Math.log(3)]);
    expect(pairsOf([roundOf(0, [[]])], [roundOf(0, [[1]])], 'fast')).toEqual([]);
  });
});
