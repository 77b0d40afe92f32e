/**
 * From turns to figures. A round is one observation, as in a run, and intervals are over rounds. A cell of a run is
 * compared with its bare program block by block: each block lies between two turns of the program, and their mean
 * cancels the machine's drift.
 */
import { cpuJobsOf, cpuUsOf } from '../../src/analysis/cpu-per-job.js';
import { caseKey } from '../../src/documents/cases.js';
import {
  commonSpread,
  observed,
  priorOf,
  slicesByBlock,
  type Observed,
} from '../../src/documents/observations.js';
import type { Cell, Estimate, Round } from '../../src/documents/results.js';
import { ratioInterval } from '../../src/stats/interval.js';
import { pseudoMedian } from '../../src/stats/hodges-lehmann.js';
import { mean, sum } from '../../src/stats/moments.js';
import type { BareRound } from './bare.js';
import type { Turn } from './running.js';

/** The figures of the bare program of a cell. */
export interface BareCell {
  readonly cell: Cell;
  /** The digest of its work. It must equal that of the cell. */
  readonly digest: string;
  readonly cpuUs: number;
  readonly jobsPerSecond: number;
  /** The ratio to the reference's bare program; null for the reference itself, and without it. */
  readonly ratio: Estimate | null;
  /** The cell's figure over that of the bare program. */
  readonly factors: { readonly cpu: Estimate; readonly rate: Estimate };
}

interface Logs {
  readonly cpu: Observed;
  readonly rate: Observed;
  readonly ratio: Observed;
}

/** The cells that have a round with a timed block and a bare program. */
export function bareCells(
  cells: readonly Cell[],
  rounds: readonly BareRound[],
  reference: string,
): BareCell[] {
  const found = cells.flatMap((cell) => {
    const { policy } = cell.contestant;
    const beside = rounds.filter(
      (each) => caseKey(each) === caseKey(cell) && each.turns.has(policy),
    );
    const pairs = cell.rounds.flatMap((round) => {
      const bare = beside.find((each) => each.round === round.round);
      return bare === undefined ? [] : [{ round, bare }];
    });
    const [first] = pairs;
    const logs = logsOf(pairs, policy, reference);
    if (first === undefined || logs.cpu.logs.length === 0) return [];
    return [{ cell, digest: first.bare.digest, pairs, logs }];
  });
  const common = (of: keyof Logs) => commonSpread(found.map(({ logs }) => logs[of]));
  const [cpu, rate, ratio] = [common('cpu'), common('rate'), common('ratio')];
  return found.map(({ cell, digest, pairs, logs }) => {
    const turns = pairs.flatMap(({ bare }) => bare.turns.get(cell.contestant.policy) ?? []);
    return {
      cell,
      digest,
      cpuUs: Math.exp(pseudoMedian(turns.map(logCpu))),
      jobsPerSecond: Math.exp(pseudoMedian(turns.map(logRate))) * 1000,
      ratio:
        logs.ratio.logs.length === 0
          ? null
          : ratioInterval(logs.ratio.logs, 0.95, priorOf(ratio, logs.ratio)),
      factors: {
        cpu: ratioInterval(logs.cpu.logs, 0.95, priorOf(cpu, logs.cpu)),
        rate: ratioInterval(logs.rate.logs, 0.95, priorOf(rate, logs.rate)),
      },
    };
  });
}

interface Pair {
  readonly round: Round;
  readonly bare: BareRound;
}

function logsOf(pairs: readonly Pair[], policy: string, reference: string): Logs {
  const factors = (ofBlock: (block: Block) => number, ofTurn: (turn: Turn) => number): Observed =>
    observedIn(
      pairs.map(({ round, bare }) => {
        const turns = bare.turns.get(policy) ?? [];
        return blocksOf(round).flatMap((block) => {
          const sides = turns.slice(block.at, block.at + 2);
          return sides.length < 2 ? [] : [ofBlock(block) - mean(sides.map(ofTurn))];
        });
      }),
    );
  return {
    cpu: factors(({ cpuUs, cpuJobs }) => Math.log(cpuUs / cpuJobs), logCpu),
    rate: factors(({ jobs, ms }) => Math.log(jobs / ms), logRate),
    ratio: observedIn(
      policy === reference ? [] : pairs.map(({ bare }) => ratiosOf(bare, policy, reference)),
    ),
  };
}

/** A round without anything adjacent in time says nothing. */
function observedIn(rounds: readonly (readonly number[])[]): Observed {
  return observed(rounds.filter((logs) => logs.length > 0));
}

function ratiosOf({ turns }: BareRound, policy: string, reference: string): number[] {
  const theirs = turns.get(reference) ?? [];
  return (turns.get(policy) ?? []).flatMap((turn, row) => {
    const other = theirs[row];
    return other === undefined ? [] : [logRate(turn) - logRate(other)];
  });
}

interface Block {
  readonly at: number;
  readonly jobs: number;
  readonly ms: number;
  readonly cpuJobs: number;
  readonly cpuUs: number;
}

/** The blocks in which something was timed. */
function blocksOf(round: Round): Block[] {
  return [...slicesByBlock(round)]
    .map(([at, own]) => ({
      at,
      jobs: sum(own, ({ jobs }) => jobs),
      ms: sum(own, ({ ms }) => ms),
      cpuJobs: cpuJobsOf(own),
      cpuUs: cpuUsOf(own),
    }))
    .filter(({ jobs, cpuUs }) => jobs > 0 && cpuUs > 0);
}

function logCpu({ cpuUs, jobs }: Turn): number {
  return Math.log(cpuUs / jobs);
}

/** The log rate in jobs per ms. */
function logRate({ timedJobs, timedMs }: Turn): number {
  return Math.log(timedJobs / timedMs);
}

/** The share of the turns' time in which a main thread was ready but had to wait for its core. */
export function waitedShare(rounds: readonly BareRound[]): number {
  const turns = rounds.flatMap((each) => [...each.turns.values()].flat());
  return turns.length === 0
    ? 0
    : sum(turns, ({ waitedMs }) => waitedMs) / sum(turns, ({ ms }) => ms);
}
