/** What `bench:truth` makes of figures that are known. */
import { describe, expect, it } from 'vitest';
import type { BareRound } from '#dist/bench/truth/bare.js';
import { compare, isTrue, openCases } from '#dist/bench/truth/compare.js';
import { bareCells, type BareCell } from '#dist/bench/truth/estimates.js';
import type { Turn } from '#dist/bench/truth/running.js';
import type { Cell, Estimate, Round } from '#dist/src/documents/results.js';
import { goldenResults } from '../golden/golden.js';
import { expectClose } from '../stats/close.js';

const [golden] = goldenResults().cells as [Cell];

/** A point, and an interval of this half width on the log scale; none for null. */
function estimate(point: number, half: number | null): Estimate {
  if (half === null) return { point, low: null, high: null };
  return { point, low: point * Math.exp(-half), high: point * Math.exp(half) };
}

interface Figures {
  policy?: string;
  kind?: 'cpu' | 'io';
  /** Of CPU per job, run over bare. */
  factor?: Estimate;
  run?: Estimate | null;
  bare?: Estimate | null;
}

const good = estimate(1, 0.03);

function bareCell({
  policy = 'queue',
  kind = 'cpu',
  factor = good,
  run = good,
  bare = good,
}: Figures): BareCell {
  const cell: Cell = {
    ...golden,
    workload: 'primes',
    params: {},
    kind,
    contestant: { ...golden.contestant, policy },
    digest: 'same',
    status: 'ok',
    reason: null,
    throughput: { ...good, unit: 'jobs/s' },
    cpuPerJob: { ...(golden.cpuPerJob as object), ...good } as Cell['cpuPerJob'],
    ratio: run && { to: 'microtask', ...run },
  };
  const factors = { cpu: factor, rate: good };
  return { cell, digest: 'same', cpuUs: 100, jobsPerSecond: 1000, ratio: bare, factors };
}

const reference = bareCell({ policy: 'microtask', run: estimate(1, 0), bare: null });

function compared(...all: Figures[]) {
  const bare = [reference, ...all.map(bareCell)];
  return compare(
    bare.map(({ cell }) => cell),
    bare,
    'microtask',
  );
}

describe('a case', () => {
  it('is open while a verdict of it is unsure, and only then', () => {
    const open = (figures: Figures) => [...openCases(compared(figures))];
    expect(open({ factor: estimate(1, 0.02) })).toEqual([]);
    expect(open({ factor: estimate(1.2, 0.02), run: estimate(1.5, 0.02) })).toEqual([]);
    expect(open({ factor: estimate(1.06, 0.02) })).toEqual(['["primes",[]]']);
    expect(open({ run: estimate(1, 0.3) })).toEqual(['["primes",[]]']);
  });
});

describe('CPU per job of a run', () => {
  const verdict = (point: number, half: number | null, kind: 'cpu' | 'io' = 'cpu') =>
    compared({ kind, factor: estimate(point, half) }).rows.at(-1)?.cpuUs.verdict;

  it('is far where its interval lies wholly beyond 5%, or 10% with IO', () => {
    expect(verdict(1.04, 0.02)).toBe('near');
    expect(verdict(1.06, 0.02)).toBe('unsure');
    expect(verdict(1.08, 0.02)).toBe('far');
    expect(verdict(0.93, 0.02)).toBe('far');
    expect(verdict(1.09, 0.02, 'io')).toBe('near');
    expect(verdict(1.11, 0.02, 'io')).toBe('unsure');
    expect(verdict(1.13, 0.02, 'io')).toBe('far');
  });

  it('is not sure where nearly anything would be near', () => {
    expect(verdict(1, 0.06)).toBe('unsure');
    expect(verdict(1, 0.06, 'io')).toBe('near');
    expect(verdict(1.5, 0.06)).toBe('far');
    expect(verdict(1, null)).toBe('unsure');
  });
});

describe('a ratio of a run', () => {
  const verdict = (run: Estimate, bare: Estimate) =>
    compared({ run, bare }).rows.at(-1)?.ratio?.verdict;

  it('holds where it differs from the bare one by no more than both are uncertain', () => {
    expect(verdict(estimate(1.05, 0.05), estimate(1, 0.04))).toBe('holds');
    expect(verdict(estimate(1.08, 0.05), estimate(1, 0.04))).toBe('off');
  });

  it('is not sure where intervals are so wide that nearly all would hold', () => {
    expect(verdict(estimate(1.05, 0.3), estimate(1, 0.04))).toBe('unsure');
    expect(verdict(estimate(1.05, 0.05), estimate(1, 0.3))).toBe('unsure');
    expect(verdict(estimate(3, 0.3), estimate(1, 0.04))).toBe('off');
    expect(verdict(estimate(1, 0.05), estimate(1, null))).toBe('unsure');
    expect(verdict(estimate(1, null), estimate(1, 0.05))).toBe('unsure');
  });
});

describe('a run', () => {
  const off: Figures = { run: estimate(1.2, 0.03) };
  const vague: Figures = { run: estimate(1, 0.5), factor: estimate(1, 0.5) };
  const many = (count: number, figures: Figures = {}): Figures[] =>
    Array.from({ length: count }, () => figures);

  it('is true where all CPU figures are near and the ratios hold', () => {
    const comparison = compared({}, { kind: 'io' });
    expect(comparison.aims.map(({ what, met, of }) => [what, met, of])).toEqual([
      ['cpu', 2, 2],
      ['io, mixed', 1, 1],
      ['ratios', 2, 2],
    ]);
    expect(isTrue(comparison)).toBe(true);
  });

  it('is not true where one CPU figure is far', () => {
    expect(isTrue(compared(...many(50), { factor: estimate(1.2, 0.02) }))).toBe(false);
  });

  it('is not true where more than 5% of the ratios are off', () => {
    expect(isTrue(compared(...many(38), off, off))).toBe(true);
    expect(isTrue(compared(...many(37), off, off))).toBe(false);
    expect(isTrue(compared(off, off))).toBe(false);
  });

  it('is not true where a CPU figure is unsure, or too many ratios are', () => {
    expect(isTrue(compared(...many(99), vague))).toBe(false);
    const vagueRatio: Figures = { run: estimate(1, 0.5) };
    expect(isTrue(compared(...many(19), vagueRatio))).toBe(true);
    expect(isTrue(compared(...many(18), vagueRatio))).toBe(false);
  });

  it('is not true where something could not be compared', () => {
    const { cell } = bareCell({});
    const failed: Cell = { ...cell, status: 'failed', reason: 'it exploded', cpuPerJob: null };
    const comparison = compare([reference.cell, failed], [reference], 'microtask');
    expect(comparison.missing).toEqual(['primes, queue: it exploded']);
    expect(isTrue(comparison)).toBe(false);
    expect(compared({ bare: null }).missing).toEqual(['primes, queue: no ratio to microtask']);
    const other = { ...bareCell({}), digest: 'another' };
    expect(compare([other.cell], [other], 'microtask').missing).toEqual([
      'primes, queue: the bare program did other work, digest another and not same',
    ]);
    expect(isTrue(compare([], [], 'microtask'))).toBe(false);
  });
});

describe('figures of bare programs', () => {
  /** CPU µs of a job in every turn; a job takes as long. */
  const turnOf = (us: number): Turn => ({
    jobs: 1000,
    cpuUs: 1000 * us,
    timedJobs: 800,
    timedMs: 0.8 * us,
    ms: us,
    waitedMs: 0,
  });
  const roundOf = (round: number, ofBlocks: number[]): Round => ({
    ...(golden.rounds[0] as Round),
    round,
    block: 2,
    slices: ofBlocks.flatMap((us, block) =>
      [0, 1].map((half) => ({
        turn: 2 * block + half,
        jobs: 100,
        ms: us / 10,
        allJobs: 100,
        cpuUserUs: 100 * us,
        cpuSystemUs: 0,
        samplesMs: [],
      })),
    ),
  });
  const cellOf = (policy: string, rounds: Round[]): Cell => ({
    ...bareCell({ policy }).cell,
    rounds,
  });

  it('set each block beside the turns on both of its sides, so that drift cancels', () => {
    // The machine gets slower by a quarter from turn to turn, and a block lies half way between two.
    const drift = [0, 1, 2, 3, 4].map((at) => 1.25 ** at);
    const between = drift.slice(0, 4).map((at) => at * 1.25 ** 0.5);
    const policies = { microtask: 100, queue: 200 };
    const bare: BareRound[] = [0, 1].map((round) => ({
      workload: 'primes',
      params: {},
      round,
      digest: 'same',
      turns: new Map(
        Object.entries(policies).map(([policy, us]) => [
          policy,
          drift.map((factor) => turnOf(us * factor)),
        ]),
      ),
    }));
    const cells = Object.entries(policies).map(([policy, us]) =>
      // The run reads 3% too much.
      cellOf(
        policy,
        [0, 1].map((round) =>
          roundOf(
            round,
            between.map((factor) => 1.03 * us * factor),
          ),
        ),
      ),
    );
    for (const { factors, ratio, cell } of bareCells(cells, bare, 'microtask')) {
      expectClose(factors.cpu.point, 1.03);
      expectClose(factors.rate.point, 1 / 1.03);
      if (cell.contestant.policy === 'queue') expectClose(ratio?.point as number, 0.5);
      else expect(ratio).toBeNull();
    }
  });

  it('are those of cells that have both', () => {
    const cell = cellOf('queue', [roundOf(0, [100, 100])]);
    expect(bareCells([cell], [], 'microtask')).toEqual([]);
  });

  it('leave out a round in which nothing was timed, and a cell without any other', () => {
    const bare: BareRound[] = [0, 1].map((round) => ({
      workload: 'primes',
      params: {},
      round,
      digest: 'same',
      turns: new Map([['queue', [100, 100, 100].map(turnOf)]]),
    }));
    const timed = roundOf(0, [100, 100]);
    const untimed = roundOf(1, [100, 100]);
    untimed.slices = untimed.slices.map((slice) => ({ ...slice, jobs: 0, ms: 0 }));
    const [found] = bareCells([cellOf('queue', [timed, untimed])], bare, 'queue');
    expectClose(found?.factors.cpu.point as number, 1);
    expect(found?.factors.cpu.low).toBeNull();
    expect(bareCells([cellOf('queue', [untimed])], bare, 'queue')).toEqual([]);
  });
});
