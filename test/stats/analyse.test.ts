import { describe, expect, it } from 'vitest';
import { analyseCase, type RoundRecord } from '#dist/src/stats/analyse.js';
import { goldenResults, goldenVectors } from '../golden/golden.js';
import { expectClose, expectEstimate } from './close.js';

/** One round whose turns had these rates, in jobs per ms; null for a turn that was not measured. */
function roundOf(round: number, rates: (number | null)[], cpuUs = 100): RoundRecord {
  const slices = rates.flatMap((rate, turn) =>
    rate === null
      ? []
      : [{ turn, jobs: rate * 10, ms: 10, cpuUserUs: cpuUs, cpuSystemUs: 0, samplesMs: [10] }],
  );
  return { round, position: 0, batch: 1, startMs: 1, digest: 'd', slices };
}

describe('analyseCase', () => {
  it.each(goldenVectors().analysis)(
    'agrees with SciPy on $workload $params',
    ({ workload, params, expected }) => {
      const cells = goldenResults().cells.filter(
        (cell) =>
          cell.workload === workload && JSON.stringify(cell.params) === JSON.stringify(params),
      );
      const rounds = new Map(cells.map((cell) => [cell.contestant.policy, cell.rounds]));
      const estimates = analyseCase('microtask', rounds);
      for (const [policy, of] of Object.entries(expected)) {
        expectEstimate(estimates.get(policy)?.throughput ?? null, of.throughput);
        expectEstimate(estimates.get(policy)?.ratio ?? null, of.ratio);
        expectEstimate(estimates.get(policy)?.cpuPerJob ?? null, of.cpuPerJob);
      }
    },
  );

  it('compares within a turn, so that drift of the whole machine cancels', () => {
    const drift = [1, 0.5, 0.9, 0.2, 0.7];
    const of = (rate: number): RoundRecord[] =>
      [0, 1].map((round) =>
        roundOf(
          round,
          drift.map((factor) => rate * factor * (round + 1)),
        ),
      );
    const estimates = analyseCase(
      'a',
      new Map([
        ['a', of(100)],
        ['b', of(150)],
      ]),
    );
    const { point, low, high } = estimates.get('b')?.ratio ?? {};
    for (const value of [point, low, high]) expectClose(value as number, 1.5);
  });

  it('lets one disturbed turn not count', () => {
    const estimates = analyseCase(
      'a',
      new Map([
        ['a', [roundOf(0, [10, 10, 10]), roundOf(1, [10, 10, 10])]],
        ['b', [roundOf(0, [20, 1, 20]), roundOf(1, [20, 20, 1])]],
      ]),
    );
    expectClose(estimates.get('b')?.ratio?.point as number, 2);
    expectClose(estimates.get('b')?.throughput?.point as number, 20_000);
  });

  it('makes the reference exactly 1', () => {
    const estimates = analyseCase('a', new Map([['a', [roundOf(0, [3, 7])]]]));
    expect(estimates.get('a')?.ratio).toEqual({ to: 'a', point: 1, low: 1, high: 1 });
  });

  it('takes only rounds and turns that both have, by number and not by place', () => {
    const estimates = analyseCase(
      'a',
      new Map([
        ['a', [roundOf(0, [10, 10, null]), roundOf(2, [40, 40, 40])]],
        // Round 1 has no partner; turn 2 of round 0 has none; rounds come in another order.
        ['b', [roundOf(2, [80, 80, 80]), roundOf(1, [999, 999, 999]), roundOf(0, [20, null, 999])]],
      ]),
    );
    expectClose(estimates.get('b')?.ratio?.point as number, 2);
  });

  it('has a point without an interval after one round', () => {
    const estimates = analyseCase(
      'a',
      new Map([
        ['a', [roundOf(0, [10])]],
        ['b', [roundOf(0, [5])]],
      ]),
    );
    expect(estimates.get('b')?.ratio).toEqual({ to: 'a', point: 0.5, low: null, high: null });
    expect(estimates.get('b')?.throughput).toMatchObject({ low: null, unit: 'jobs/s' });
  });

  it('has nothing where nothing was measured', () => {
    const estimates = analyseCase(
      'a',
      new Map([
        ['a', []],
        ['b', [roundOf(0, [5])]],
        ['c', [roundOf(0, [])]],
      ]),
    );
    expect(estimates.get('a')).toEqual({ throughput: null, ratio: null, cpuPerJob: null });
    expect(estimates.get('b')?.ratio).toBeNull();
    expect(estimates.get('b')?.throughput).not.toBeNull();
    expect(estimates.get('c')).toEqual({ throughput: null, ratio: null, cpuPerJob: null });
  });

  it('does without the reference, and without a slice that did no job', () => {
    const estimates = analyseCase('gone', new Map([['b', [roundOf(0, [0, 8])]]]));
    expect(estimates.get('b')?.ratio).toBeNull();
    expectClose(estimates.get('b')?.throughput?.point as number, 8000);
  });

  it('sums CPU time over a round, and has none where the clock saw none', () => {
    const estimates = analyseCase(
      'a',
      new Map([
        ['a', [roundOf(0, [1, 4], 250), roundOf(1, [1, 4], 250)]],
        ['b', [roundOf(0, [1, 4], 0), roundOf(1, [1, 4], 250)]],
      ]),
    );
    expectClose(estimates.get('a')?.cpuPerJob?.point as number, 10);
    expect(estimates.get('b')?.cpuPerJob).toBeNull();
  });
});
