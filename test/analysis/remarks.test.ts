import { describe, expect, it } from 'vitest';
import { casesOf } from '#dist/src/documents/cases.js';
import { remarksOf } from '#dist/src/analysis/remarks.js';
import type { Cell, Results } from '#dist/src/documents/results.js';
import { goldenResults } from '../golden/golden.js';

/** The one case of echo at 1 KiB, every process of it warm; `change` it before it is remarked on. */
function remarks(change: (cells: Cell[], results: Results) => void): string[] {
  const results = goldenResults();
  results.cells = results.cells.slice(4, 8);
  for (const { warm } of results.cells.flatMap(({ rounds }) => rounds)) warm.flat = true;
  change(results.cells, results);
  const [group] = casesOf(results);
  if (group === undefined) throw new Error('the golden results have no such case');
  return remarksOf(group, results);
}

/** Jobs/s of each cell, which keep a core busy, where the ceiling is 151,234. */
function paced(...rates: number[]) {
  return (cells: Cell[]): void =>
    rates.forEach((point, i) => {
      Object.assign(cells[i]?.throughput ?? {}, { point });
      Object.assign(cells[i]?.cpuPerJob ?? {}, { point: 1e6 / point });
    });
}

describe('a fixture near its ceiling', () => {
  it('is named from 70% on, with everybody who came so far and how near the fastest was', () => {
    expect(remarks(paced(105_000, 105_800, 105_000))).toEqual([]);
    expect(remarks(paced(105_000, 106_000, 144_000))).toEqual([
      'The messages come from a process that can do about 151,000 a second, and ' +
        'queue, uv came near that (95%): how far ahead they are may be understated. ' +
        'CPU per job is not affected.',
    ]);
  });

  it('is that of the same case', () => {
    const elsewhere = (cells: Cell[], { ceilings }: Results): void => {
      paced(144_000, 144_000, 144_000)(cells);
      for (const ceiling of ceilings) ceiling.params = { size: 9 };
    };
    expect(remarks(elsewhere)).toEqual([]);
  });

  it('is no matter to a cell that failed', () => {
    const failed = (cells: Cell[]): void => {
      paced(1, 1, 144_000)(cells);
      Object.assign(cells[2] ?? {}, { status: 'failed', reason: 'why' });
    };
    expect(remarks(failed)).toEqual([]);
  });
});

describe('contestants that mostly wait', () => {
  /** Half of a core is 12.5 µs a job at 40,000 jobs/s. */
  const costing =
    (...us: number[]) =>
    (cells: Cell[]): void => {
      paced(40_000, 40_000, 40_000)(cells);
      us.forEach((point, i) => Object.assign(cells[i]?.cpuPerJob ?? {}, { point }));
    };

  it('are named with how much they worked', () => {
    expect(remarks(costing(25, 12.6, 12.6))).toEqual([]);
    expect(remarks(costing(25, 10, 2.5))).toEqual([
      'Mostly waiting: queue (40% of a core), uv (10% of a core). More jobs in flight would give a ' +
        'higher rate; what a job costs is told by CPU per job.',
    ]);
  });

  it('are no matter where jobs arrive by a clock', () => {
    const open = (cells: Cell[], results: Results): void => {
      costing(25, 10, 2.5)(cells);
      results.load = { perSecond: 100, arrivals: 'poisson' };
    };
    expect(remarks(open)).toEqual([]);
  });
});

describe('a warm-up that was too short', () => {
  it('is told by policy and rounds', () => {
    const rising = ([microtask, , uv]: Cell[]): void => {
      paced(1, 1, 1)([microtask, uv] as Cell[]);
      for (const round of [microtask?.rounds[0], uv?.rounds[0], uv?.rounds[2]]) {
        if (round !== undefined) round.warm.flat = false;
      }
    };
    const [remark] = remarks(rising);
    expect(remark).toBe(
      'The warm-up ended without evidence of a steady state: microtask in 1 of 4 rounds, uv in 2 of 4 rounds (--warm-up gives longer).',
    );
  });

  it('has nothing to say where all were flat', () => {
    expect(remarks(paced(1, 1, 1))).toEqual([]);
  });
});
