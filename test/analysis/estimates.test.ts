import { describe, expect, it } from 'vitest';
import { blockLogs } from '#dist/src/documents/observations.js';
import type { Round } from '#dist/src/documents/results.js';
import { NO_ESTIMATES, analyseCase, priorsOf } from '#dist/src/analysis/estimates.js';
import { Histogram } from '#dist/src/stats/histogram.js';
import { goldenResults, goldenVectors } from '../golden/golden.js';
import { expectClose, expectEstimate } from '../stats/close.js';

/** One round whose turns had these rates, in jobs per ms; null for a turn that was not measured. */
function roundOf(round: number, rates: (number | null)[], cpuUs = 100): Round {
  const slices = rates.flatMap((rate, turn) => {
    if (rate === null) return [];
    const jobs = rate * 10;
    const cpu = { cpuUserUs: cpuUs, cpuSystemUs: 0 };
    return [{ turn, jobs, ms: 10, allJobs: jobs, ...cpu, samplesMs: [1 / rate] }];
  });
  return {
    round,
    position: 0,
    batch: 1,
    block: 1,
    firstJobMs: 50,
    warm: { ms: 100, flat: true },
    digest: 'd',
    measures: NOTHING_MEASURED,
    harness: { sampleUs: 2, jobUs: 0.1 },
    slices,
  };
}

const NOTHING_MEASURED: Round['measures'] = {
  latency: [],
  lag: [],
  memory: { peakBytes: 1000, growthBytes: 0 },
  gc: { count: 0, ms: 0 },
  switches: { voluntary: 0, involuntary: 0 },
};

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
        expectEstimate(estimates.get(policy)?.firstJob ?? null, of.firstJob);
        expect(estimates.get(policy)?.outliers).toEqual(of.outliers);
        for (const field of ['latency', 'lag', 'memory', 'gc', 'switches'] as const) {
          const { unit: _, ...found } = { unit: '', ...estimates.get(policy)?.[field] };
          expect(Object.keys(found).sort()).toEqual(Object.keys(of[field]).sort());
          for (const [name, value] of Object.entries(of[field])) {
            expectClose(Reflect.get(found, name), value);
          }
        }
      }
    },
  );

  it('compares within a turn, so that drift of the whole machine cancels', () => {
    const drift = [1, 0.5, 0.9, 0.2, 0.7];
    const of = (rate: number): Round[] =>
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
        ['a', [roundOf(0, [10, 10, 10, 10]), roundOf(1, [10, 10, 10, 10])]],
        ['b', [roundOf(0, [20, 1, 20, 20]), roundOf(1, [20, 20, 20, 1])]],
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
    expect(estimates.get('b')?.ratio).toMatchObject({ to: 'a', low: null, high: null });
    expectClose(estimates.get('b')?.ratio?.point as number, 0.5);
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
    expect(estimates.get('a')).toEqual(NO_ESTIMATES);
    expect(estimates.get('b')?.ratio).toBeNull();
    expect(estimates.get('b')?.throughput).not.toBeNull();
    expect(estimates.get('c')).toMatchObject({ throughput: null, ratio: null, cpuPerJob: null });
    expect(estimates.get('c')).toMatchObject({ latency: null, gc: null, outliers: null });
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

  it('counts CPU time for the jobs that came to rest, too', () => {
    const round = roundOf(0, [1], 300);
    (round.slices[0] as { allJobs: number }).allJobs = 30; // 10 of them while samples were timed
    const { cpuPerJob } = analyseCase('a', new Map([['a', [round]]])).get('a') ?? {};
    expectClose(cpuPerJob?.point as number, 10);
  });

  it('puts the durations of all rounds together', () => {
    const of = (...ms: number[]): number[] => {
      const histogram = new Histogram();
      for (const each of ms) histogram.record(each);
      return histogram.counts();
    };
    const rounds = [
      { latency: of(1, 1, 1), lag: of(0.5) },
      { latency: of(9), lag: of(0.5, 3) },
    ].map((measures, i) => ({
      ...roundOf(i, [1]),
      measures: { ...NOTHING_MEASURED, ...measures },
    }));
    const { latency, lag } = analyseCase('a', new Map([['a', rounds]])).get('a') ?? {};
    expect(latency?.count).toBe(4);
    expectClose(latency?.p50 as number, 1, 0.01);
    expectClose(latency?.max as number, 9, 0.01);
    expect(lag?.count).toBe(3);
    expectClose(lag?.p50 as number, 0.5, 0.01);
    expectClose(lag?.max as number, 3, 0.01);
  });

  it("tells the garbage collector's share of a job's time", () => {
    const round = {
      ...roundOf(0, [2]),
      measures: { ...NOTHING_MEASURED, gc: { count: 3, ms: 1 } },
    };
    const { gc } = analyseCase('a', new Map([['a', [round]]])).get('a') ?? {};
    expect(gc?.count).toBe(3);
    expectClose(gc?.share as number, 0.1); // 1 ms of 10
  });

  it('has no memory, collections or switches where the program could not tell them', () => {
    const untold = { ...NOTHING_MEASURED, memory: null, gc: null, switches: null };
    const rounds = [{ ...roundOf(0, [2]), measures: untold }];
    expect(analyseCase('a', new Map([['a', rounds]])).get('a')).toMatchObject({
      memory: null,
      gc: null,
      switches: null,
    });
  });

  it('counts outliers by their own round', () => {
    const quiet = Array.from({ length: 20 }, (_, i) => 10 + (i % 5));
    const withSamples = (round: number, samplesMs: number[]): Round => {
      const made = roundOf(round, [1]);
      (made.slices[0] as { samplesMs: number[] }).samplesMs = samplesMs;
      return made;
    };
    const rounds = [
      withSamples(0, [...quiet, 19, 40]),
      withSamples(
        1,
        quiet.map((ms) => ms * 9),
      ),
    ];
    const { outliers } = analyseCase('a', new Map([['a', rounds]])).get('a') ?? {};
    expect(outliers).toEqual({ samples: 42, mild: 1, severe: 1 });
  });
});

describe('priorsOf', () => {
  /** Two contestants, two rounds of four turns whose rates differ by these factors. */
  const caseOf = (noise: number, factor: number) => {
    const turns = [1, 1 + noise, 1 / (1 + noise), 1];
    return new Map([
      ['a', [roundOf(0, [1, 1, 1, 1]), roundOf(1, [1, 1, 1, 1])]],
      [
        'b',
        [
          roundOf(0, turns),
          roundOf(
            1,
            turns.map((turn) => turn * factor),
          ),
        ],
      ],
    ]);
  };
  const factors = [1.03, 0.97, 1.05, 0.95, 1.04, 0.96, 1.03, 0.97];

  it('gives a cell of two rounds an interval that the others make narrower', () => {
    const priors = priorsOf(
      'a',
      factors.map((factor) => caseOf(0.05, factor)),
    );
    const alone = analyseCase('a', caseOf(0.05, 1.05)).get('b')?.ratio;
    const among = analyseCase('a', caseOf(0.05, 1.05), priors).get('b')?.ratio;
    expect(among?.point).toBe(alone?.point);
    expect(among?.high as number).toBeLessThan(alone?.high as number);
  });

  it('takes what a cell has more noise than the others into account', () => {
    const priors = priorsOf(
      'a',
      factors.map((factor) => caseOf(0.05, factor)),
    );
    const widths = [0.05, 0.5].map((noise) => {
      const { low, high } = analyseCase('a', caseOf(noise, 1), priors).get('b')?.ratio ?? {};
      return Math.log((high as number) / (low as number));
    });
    expect((widths[1] as number) / (widths[0] as number)).toBeGreaterThan(4);
  });

  it('leaves out cells that failed, those of one block, and few cells to themselves', () => {
    expect(priorsOf('a', [caseOf(0.05, 1.1), caseOf(0.05, 0.9)]).ratio.freedom).toBe(0);
    expect(priorsOf('a', [new Map()]).ratio.freedom).toBe(0);
    const single = new Map([
      ['a', [roundOf(0, [1]), roundOf(1, [1])]],
      ['b', [roundOf(0, [1]), roundOf(1, [2])]],
    ]);
    expect(priorsOf('a', [single, single, single, single]).ratio.freedom).toBe(0);
  });
});

describe('a block of turns', () => {
  const blocked = (turns: number[], block: number) => [{ ...roundOf(0, turns), block }];

  it('has the work of its turns over their time', () => {
    const reference = [roundOf(0, [1, 1, 1, 1])];
    // Turns of equal length at 1 and 3 jobs a ms are 2 jobs a ms together.
    const [own] = blockLogs(blocked([1, 3, 4, 4], 2), null);
    expect(own?.map(Math.exp).map((rate) => rate / Math.exp(own[0] as number))).toEqual([1, 2]);
    const [ratio] = blockLogs(blocked([1, 3, 4, 4], 2), reference);
    expectClose((ratio?.[1] as number) - (ratio?.[0] as number), Math.log(2));
  });

  it('is compared as a whole, and with as many turns as either has in it', () => {
    const many = [roundOf(0, [1, 3, 4, 4])];
    const one = blocked([2, 0, 8, 0], 2).map((round) => ({
      ...round,
      slices: round.slices.filter(({ turn }) => turn % 2 === 0),
    }));
    const [logs = []] = blockLogs(one, many);
    expect(logs).toHaveLength(2);
    expectClose(logs[0] as number, 0);
    expectClose(logs[1] as number, Math.log(2));
  });

  it('counts where both have it', () => {
    const whole = roundOf(0, [1, 3, 4, 4]);
    const cut = { ...whole, slices: whole.slices.filter(({ turn }) => turn < 2) };
    expect(blockLogs([{ ...cut, block: 2 }], [whole])).toEqual([[0]]);
    expect(blockLogs([{ ...whole, block: 2 }], [cut])).toEqual([[0]]);
  });
});
