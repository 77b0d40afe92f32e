/**
 * From turns to figures. A process is one observation, as a round is in a run: the Hodges–Lehmann location of the logs
 * of its turns. Intervals are over processes. There are two or three of them for each cell, so the spread is held to
 * that of the other cells of its kind, as in a run (see `prior-spread.ts`).
 */
import type { Estimate } from '../../src/documents/results.js';
import { pseudoMedian } from '../../src/stats/hodges-lehmann.js';
import { ratioInterval } from '../../src/stats/interval.js';
import { sum } from '../../src/stats/moments.js';
import { priorSpread } from '../../src/stats/prior-spread.js';
import type { Kind, Params } from '../../src/workload/workload.js';
import type { Repetition, TruthCase } from './measure.js';
import type { Turn } from './running.js';

export interface MeasuredCase extends TruthCase {
  readonly repetitions: readonly Repetition[];
}

export interface BareCell {
  readonly workload: string;
  readonly kind: Kind;
  readonly params: Params;
  readonly policy: string;
  readonly cpuUs: Estimate;
  readonly jobsPerSecond: Estimate;
  /** To the reference; null without its turns, and for itself. */
  readonly ratio: Estimate | null;
}

/** The logs of a cell, one for each process. */
interface Observed {
  readonly measured: MeasuredCase;
  readonly policy: string;
  readonly cpu: readonly number[];
  readonly rate: readonly number[];
  readonly ratio: readonly number[];
}

export function bareCells(cases: readonly MeasuredCase[], reference: string): BareCell[] {
  const all = cases.flatMap((measured) =>
    measured.policies.map((policy) => observed(measured, policy, reference)),
  );
  return all.map(({ measured: { workload, params }, policy, cpu, rate, ratio }) => {
    const alike = all.filter(({ measured }) => measured.workload.kind === workload.kind);
    const prior = (of: 'cpu' | 'rate' | 'ratio') => priorSpread(alike.map((each) => each[of]));
    return {
      workload: workload.name,
      kind: workload.kind,
      params,
      policy,
      cpuUs: ratioInterval(cpu, 0.95, prior('cpu')),
      jobsPerSecond: ratioInterval(rate, 0.95, prior('rate')),
      ratio: ratio.length === 0 ? null : ratioInterval(ratio, 0.95, prior('ratio')),
    };
  });
}

function observed(measured: MeasuredCase, policy: string, reference: string): Observed {
  const turnsOf = (each: Repetition, name: string): readonly Turn[] => each.get(name) ?? [];
  const perProcess = (of: (turn: Turn) => number): number[] =>
    measured.repetitions.map((each) =>
      pseudoMedian(turnsOf(each, policy).map((turn) => Math.log(of(turn)))),
    );
  const compared = policy !== reference && measured.policies.includes(reference);
  const ratios = measured.repetitions.map((each) => {
    const theirs = turnsOf(each, reference);
    return turnsOf(each, policy).map((turn, row) =>
      Math.log(rateOf(turn) / rateOf(theirs[row] as Turn)),
    );
  });
  return {
    measured,
    policy,
    cpu: perProcess(({ cpuUs, jobs }) => cpuUs / jobs),
    rate: perProcess(rateOf),
    ratio: compared ? ratios.map(pseudoMedian) : [],
  };
}

/** The share of the turns' time in which a main thread was ready and had to wait for its core. */
export function waitedShare(cases: readonly MeasuredCase[]): number {
  const turns = cases.flatMap(({ repetitions }) =>
    repetitions.flatMap((each) => [...each.values()].flat()),
  );
  return turns.length === 0
    ? 0
    : sum(turns, ({ waitedMs }) => waitedMs) / sum(turns, ({ ms }) => ms);
}

function rateOf({ timedJobs, timedMs }: Turn): number {
  return (timedJobs / timedMs) * 1000;
}
