import { describe, expect, it } from 'vitest';
import { furthest } from '#dist/src/studies/gate/measure.js';
import { pairsOf } from '#dist/src/studies/gate/pairs.js';
import type { Round } from '#dist/src/documents/results.js';

/** Of each turn, its samples in ms per job; what else a round has does not matter here. */
function roundOf(round: number, turns: number[][]): Round {
  return {
    round,
    slices: turns.map((samplesMs, turn) => ({ turn, samplesMs })),
  } as unknown as Round;
}

const ramp = (from: number): number[] => Array.from({ length: 11 }, (_, i) => from + i / 10);

describe('which cell is confirmed next', () => {
  const cell = (at: number, shift: number, confirmed: number) => ({
    at,
    screen: [shift, shift, shift],
    confirm: Array<number>(confirmed).fill(shift),
  });

  it('is the one of the largest shift, and that one until it has its answer', () => {
    expect(furthest([cell(1, 0.02, 0), cell(3, 0.3, 0), cell(5, 0.1, 0)])).toBe(3);
    expect(furthest([cell(1, 0.02, 0), cell(3, 0.3, 0), cell(5, 0.1, 7)])).toBe(5);
  });
});

describe('pairsOf', () => {
  it('is the log of head over base, of the fast samples: positive is slower', () => {
    const [pair] = pairsOf([roundOf(0, [ramp(1)])], [roundOf(0, [ramp(2)])]);
    expect(pair).toBeCloseTo(Math.log(2.1 / 1.1), 12);
    const [back] = pairsOf([roundOf(0, [ramp(2)])], [roundOf(0, [ramp(1)])]);
    expect(back).toBeCloseTo(-(pair as number), 12);
  });

  it('takes another quantile when asked', () => {
    const [pair] = pairsOf([roundOf(0, [ramp(1)])], [roundOf(0, [ramp(2)])], 0.5);
    expect(pair).toBeCloseTo(Math.log(2.5 / 1.5), 12);
  });

  it('is the median over turns, so that a disturbed one does not count', () => {
    const base = roundOf(0, [[1], [1], [1]]);
    expect(pairsOf([base], [roundOf(0, [[1.1], [50], [1.1]])])).toEqual([Math.log(1.1)]);
  });

  it('compares the same rounds and the same turns, and nothing else', () => {
    const base = [roundOf(0, [[1], []]), roundOf(2, [[1]])];
    const head = [roundOf(0, [[2], [9]]), roundOf(1, [[9]]), roundOf(2, [[3]])];
    expect(pairsOf(base, head)).toEqual([Math.log(2), Math.log(3)]);
    expect(pairsOf([roundOf(0, [[]])], [roundOf(0, [[1]])])).toEqual([]);
  });
});
