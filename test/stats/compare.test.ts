import { describe, expect, it } from 'vitest';
import { change, compareResults, fingerprintDifferences } from '#dist/src/stats/compare.js';
import { goldenResults, goldenVectors } from '../golden/golden.js';
import { expectEstimate } from './close.js';

describe('change', () => {
  it.each(goldenVectors().changes)('agrees with SciPy for $a and $b', ({ a, b, expected }) => {
    expectEstimate(change(a, b), expected);
  });

  it('has no interval with a single round, and nothing without any', () => {
    expect(change([0], [0.5, 0.6])).toEqual({ point: Math.exp(0.55), low: null, high: null });
    expect(change([], [1])).toBeNull();
  });
});

describe('compareResults', () => {
  it('finds a run unchanged beside itself', () => {
    const { cells, differences } = compareResults(goldenResults(), goldenResults());
    expect(differences).toEqual([]);
    for (const { problem, overlap, ratioChange, throughputChange, policy } of cells) {
      if (problem !== null) continue;
      expect(overlap).toBe(true);
      expect(throughputChange?.point).toBe(1);
      expect(ratioChange?.point ?? null).toBe(policy === 'microtask' ? null : 1);
    }
    expect(cells.filter(({ problem }) => problem !== null)).toHaveLength(3);
  });

  it('sees a cell become slower, and drift of the whole machine not', () => {
    const later = goldenResults();
    for (const cell of later.cells) {
      const factor = cell.contestant.policy === 'queue' ? 3 : 2; // all at half speed, queue at a third
      for (const slice of cell.rounds.flatMap(({ slices }) => slices)) slice.ms *= factor;
    }
    const { cells } = compareResults(goldenResults(), later);
    for (const { policy, ratioChange, throughputChange } of cells) {
      if (ratioChange === null) continue;
      expect(ratioChange.point).toBeCloseTo(policy === 'queue' ? 2 / 3 : 1, 9);
      expect(throughputChange?.point).toBeCloseTo(policy === 'queue' ? 1 / 3 : 1 / 2, 9);
    }
  });

  it('lists what only one of them has, and what did other work', () => {
    const other = goldenResults();
    const [first, second] = other.cells;
    Object.assign(first!, { workload: 'other' });
    Object.assign(second!, { digest: 'different' });
    const { cells } = compareResults(goldenResults(), other);
    const problems = cells.map(({ problem }) => problem);
    expect(problems[0]).toBe('only in the first run');
    expect(problems[1]).toBe('the runs did different work');
    expect(problems.at(-1)).toBe('only in the second run');
  });

  it('names what differs between the machines', () => {
    const { fingerprint } = goldenResults();
    const other = { ...fingerprint, cores: 8, loopdyno: '9.9.9' };
    expect(fingerprintDifferences(fingerprint, other)).toEqual([
      { field: 'cores', a: '2', b: '8' },
    ]);
  });
});
