import { describe, expect, it } from 'vitest';
import { compareResults, fingerprintDifferences } from '#dist/src/studies/compare/compare.js';
import type { Results } from '#dist/src/documents/results.js';
import { goldenResults } from '../../golden/golden.js';

/** The golden run with one policy's slices taking so much longer. */
function slowed(policy: string, factor: number): Results {
  const results = goldenResults();
  for (const { contestant, rounds } of results.cells) {
    if (contestant.policy !== policy) continue;
    for (const slice of rounds.flatMap(({ slices }) => slices)) slice.ms *= factor;
  }
  return results;
}

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

  it('judges by the ratio, and the reference by its throughput', () => {
    const { cells } = compareResults(slowed('uv', 2), slowed('queue', 2));
    const [microtask, queue, uv, workers] = cells;
    expect(microtask).toMatchObject({ by: 'throughput', verdict: 'no change', ratioChange: null });
    expect(queue).toMatchObject({ by: 'ratio', verdict: 'slower', bound: null });
    expect(uv).toMatchObject({ by: 'ratio', verdict: 'faster', bound: null });
    expect(workers).toMatchObject({ by: 'ratio', verdict: 'no change' });
    const { low, high } = workers?.ratioChange ?? {};
    expect(workers?.bound).toBe(Math.max(1 - (low as number), (high as number) - 1));
    expect(workers?.detectable).toBeGreaterThan(0);
  });

  it('takes no ratio to one reference for a ratio to another', () => {
    const other = goldenResults();
    other.reference = 'queue';
    for (const { ratio } of other.cells) {
      if (ratio !== null) Object.assign(ratio, { to: 'queue', point: 9, low: 9, high: 9 });
    }
    const { cells } = compareResults(goldenResults(), other);
    for (const cell of cells.filter(({ problem }) => problem === null)) {
      expect(cell).toMatchObject({ by: 'throughput', ratioChange: null, overlap: true });
    }
  });

  it('tells whether the intervals overlap, of the ratio and of the throughput', () => {
    const other = goldenResults();
    const [, queue, uv] = other.cells;
    Object.assign(queue?.ratio ?? {}, { point: 9, low: 8, high: 10 });
    Object.assign(uv?.throughput ?? {}, { point: 9, low: 8, high: 10 });
    const { cells, overlaps } = compareResults(goldenResults(), other);
    expect(cells[1]).toMatchObject({ overlap: false, throughputOverlap: true });
    expect(cells[2]).toMatchObject({ overlap: true, throughputOverlap: false });
    expect(overlaps).toEqual({ cells: 12, of: 13 });
  });

  it('tells nothing by one round', () => {
    const one = goldenResults();
    for (const cell of one.cells) {
      cell.rounds = cell.rounds.slice(0, 1);
      for (const of of [cell.ratio, cell.throughput])
        Object.assign(of ?? {}, { low: null, high: null });
    }
    const { cells, overlaps } = compareResults(goldenResults(), one);
    expect(cells[1]).toMatchObject({ verdict: 'unresolved', detectable: null, overlap: null });
    expect(overlaps).toEqual({ cells: 0, of: 0 });
  });

  it('matches cells whatever the order of cells and parameters', () => {
    const [run, other] = [goldenResults(), goldenResults()];
    for (const cell of run.cells) cell.params = { ...cell.params, mode: 'x' };
    for (const cell of other.cells) cell.params = { mode: 'x', ...cell.params };
    other.cells.reverse();
    const { cells } = compareResults(run, other);
    expect(cells).toHaveLength(16);
    expect(cells.filter(({ problem }) => problem === null)).toHaveLength(13);
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
