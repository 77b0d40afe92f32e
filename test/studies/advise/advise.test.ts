/** What is claimed of rounds that are known. */
import { describe, expect, it } from 'vitest';
import { adviceOf } from '#dist/src/studies/advise/sentences.js';
import { byRate, byTail, leadOf } from '#dist/src/studies/advise/lead.js';
import type { Cell, Results, Round } from '#dist/src/documents/results.js';
import { Histogram } from '#dist/src/stats/histogram.js';
import { goldenResults } from '../../golden/golden.js';

/** A cell whose rounds have these rates (jobs a ms) and latencies (ms). */
function cellOf(policy: string, rates: readonly number[], latencyMs = 1): Cell {
  const results = goldenResults();
  const cell = results.cells.find(({ status }) => status === 'ok');
  const [round] = cell?.rounds ?? [];
  const [slice] = round?.slices ?? [];
  if (cell === undefined || round === undefined || slice === undefined) {
    throw new Error('the golden run has no round');
  }
  const latency = new Histogram();
  for (let i = 0; i < 100; i++) latency.record(latencyMs);
  return {
    ...cell,
    contestant: { policy },
    rounds: rates.map((rate, number): Round => ({
      ...round,
      round: number,
      measures: { ...round.measures, latency: latency.counts() },
      slices: [{ ...slice, turn: 0, jobs: rate * 1000, ms: 1000 }],
    })),
  };
}

describe('the lead', () => {
  it('is of the fastest, over the next that is surely slower', () => {
    const slow = cellOf('slow', [1, 1.01, 0.99, 1]);
    const fast = cellOf('fast', [2, 2.02, 1.99, 2.01]);
    const lead = leadOf([slow, fast], byRate);
    expect(lead?.best).toBe(fast);
    expect(lead?.level).toEqual([]);
    expect(lead?.over?.cell).toBe(slow);
    expect(lead?.over?.point).toBeCloseTo(2, 1);
  });

  it('is shared by those that the rounds cannot tell apart', () => {
    const cells = [
      cellOf('a', [1, 1.2, 0.9, 1.1]),
      cellOf('b', [1.1, 1, 1.2, 0.95]),
      cellOf('c', [0.5, 0.52, 0.49, 0.5]),
    ];
    const lead = leadOf(cells, byRate);
    expect([lead?.best, ...(lead?.level ?? [])].length).toBe(2);
    expect(lead?.over?.cell.contestant.policy).toBe('c');
  });

  it('is not claimed over one of a single round', () => {
    const cells = [
      cellOf('slow', [1, 1.01, 0.99, 1]),
      cellOf('fast', [2, 2.02, 1.99, 2.01]),
      cellOf('hardly measured', [1.5]),
    ];
    const lead = leadOf(cells, byRate);
    expect(lead?.best.contestant.policy).toBe('fast');
    expect(lead?.level.map(({ contestant }) => contestant.policy)).toEqual(['hardly measured']);
    expect(lead?.over?.cell.contestant.policy).toBe('slow');
  });

  it('is by the tail as well, where the shortest is best', () => {
    const lead = leadOf([cellOf('long', [1, 1], 20), cellOf('short', [1, 1], 2)], byTail);
    expect(lead?.best.contestant.policy).toBe('short');
    expect(lead?.over?.point).toBeCloseTo(10, 0);
  });

  it('is nobody’s where nobody else has rounds', () => {
    expect(leadOf([cellOf('alone', [1, 2])], byRate)).toBeNull();
    expect(leadOf([], byRate)).toBeNull();
    expect(leadOf([cellOf('a', [1]), cellOf('b', [2])], byRate)).toBeNull();
  });
});

describe('the advice', () => {
  const results = (cells: Cell[]): Results => ({ ...goldenResults(), reference: 'slow', cells });

  it('says who does most, and names the cells', () => {
    const cells = [cellOf('slow', [1, 1.01, 0.99, 1]), cellOf('fast', [2, 2.02, 1.99, 2.01])];
    const sentences = adviceOf(results(cells), null);
    const first = sentences.find(({ topic }) => topic === 'throughput');
    expect(first?.text).toMatch(/^fast \(.* jobs\/s\) does most, 2\.0.× \(.*\) as many as slow\.$/);
    expect(first?.cells.map((cell) => cell.split(' · ')[1])).toEqual(['fast', 'slow']);
    expect(sentences.find(({ topic }) => topic === 'certainty')?.text).toContain('4 rounds');
  });

  it('claims no winner among equals, and says who is missing and why', () => {
    const gone: Cell = {
      ...cellOf('gone', []),
      status: 'unavailable',
      reason: 'no addon',
      throughput: null,
    };
    const cells = [cellOf('slow', [1, 1.2, 0.9]), cellOf('other', [1.1, 1, 1.05]), gone];
    const sentences = adviceOf(results(cells), null);
    expect(sentences.find(({ topic }) => topic === 'throughput')?.text).toContain(
      'the rounds cannot tell them apart',
    );
    expect(sentences.find(({ topic }) => topic === 'missing')?.text).toBe(
      'gone is left out: unavailable: no addon.',
    );
  });
});
