/**
 * From the raw rounds of one case to its estimates.
 *
 * A round is a fresh process, so only rounds are independent; turns and samples of one process are not. Every interval
 * is over rounds, with one observation per round (see `observations.ts`): mean ± Student's t, on the log scale for what
 * varies by factors, with a spread combined with the common spread of the run's cells (see `prior-spread.ts`).
 * Latencies and counts are taken over all rounds together.
 */
import { caseKey } from '../documents/cases.js';
import type { Cell, Estimate, Results, Round } from '../documents/results.js';
import { cpuPerJobOf, logCpu } from './cpu-per-job.js';
import { lagOf, latencyOf } from './durations.js';
import {
  absolute,
  commonSpread,
  logRates,
  priorOf,
  ratiosTo,
  type Observed,
} from '../documents/observations.js';
import { outliersOf } from './outliers.js';
import { countedOf, gcOf, memoryOf, switchesOf } from './process-costs.js';
import { NO_PRIOR, type PriorSpread } from '../stats/prior-spread.js';
import { ratioInterval } from '../stats/interval.js';

/** The estimates of a cell. Each is null if nothing usable was measured. */
export type CellEstimates = Pick<
  Cell,
  | 'throughput'
  | 'ratio'
  | 'cpuPerJob'
  | 'latency'
  | 'wait'
  | 'service'
  | 'lag'
  | 'firstJob'
  | 'memory'
  | 'gc'
  | 'switches'
  | 'counted'
  | 'outliers'
>;

/** Every contestant's rounds of one case, by name. */
export type CaseRounds = ReadonlyMap<string, readonly Round[]>;

/** Priors for figures with an interval over rounds. A ratio's prior is in units of the noise within a cell's blocks. */
export type Priors = Readonly<
  Record<'throughput' | 'ratio' | 'cpuPerJob' | 'firstJob', PriorSpread>
>;

/** The common spreads of the cells of a run. */
export function priorsOf(reference: string, cases: readonly CaseRounds[]): Priors {
  const each = (of: (own: readonly Round[], theirs: readonly Round[]) => Observed): PriorSpread =>
    commonSpread(
      cases.flatMap((rounds) =>
        [...rounds.values()].map((own) => of(own, rounds.get(reference) ?? [])),
      ),
    );
  return {
    throughput: each(logRates),
    // The reference's own ratio is 1.
    ratio: each((own, theirs) => (own === theirs ? NOTHING : ratiosTo(theirs, own))),
    cpuPerJob: each(logCpu),
    firstJob: each(logFirstJobs),
  };
}

/** The same of cells that were saved. */
export function priorsOfCells({ cells, reference }: Pick<Results, 'cells' | 'reference'>): Priors {
  return priorsOf(reference, [...roundsByCase(cells).values()]);
}

/** The rounds of cells that have numbers, by `caseKey` and contestant. */
export function roundsByCase(cells: readonly Cell[]): Map<string, Map<string, readonly Round[]>> {
  const cases = new Map<string, Map<string, readonly Round[]>>();
  for (const cell of cells) {
    const rounds = cases.get(caseKey(cell)) ?? new Map<string, readonly Round[]>();
    cases.set(caseKey(cell), rounds);
    if (cell.throughput !== null) rounds.set(cell.contestant.policy, cell.rounds);
  }
  return cases;
}

const NOTHING: Observed = { logs: [], unit: null };

/** Priors that leave every cell to its own rounds alone. */
const NO_PRIORS: Priors = {
  throughput: NO_PRIOR,
  ratio: NO_PRIOR,
  cpuPerJob: NO_PRIOR,
  firstJob: NO_PRIOR,
};

/** `reference` names the contestant that all ratios refer to. */
export function analyseCase(
  reference: string,
  rounds: CaseRounds,
  priors = NO_PRIORS,
): Map<string, CellEstimates> {
  const referenceRounds = rounds.get(reference) ?? [];
  const estimates = new Map<string, CellEstimates>();
  for (const [name, own] of rounds) {
    const throughput = throughputOf(own, priors.throughput);
    estimates.set(name, {
      throughput,
      ratio:
        name === reference
          ? throughput && { to: reference, point: 1, low: 1, high: 1 }
          : ratioOf(own, reference, referenceRounds, priors.ratio),
      cpuPerJob: cpuPerJobOf(own, priors.cpuPerJob),
      latency: latencyOf(own),
      wait: latencyOf(own, 'wait'),
      service: latencyOf(own, 'service'),
      lag: lagOf(own),
      firstJob: firstJobOf(own, priors.firstJob),
      memory: memoryOf(own),
      gc: gcOf(own),
      switches: switchesOf(own),
      counted: countedOf(own),
      outliers: outliersOf(own),
    });
  }
  return estimates;
}

/** The estimates of a contestant without any: it failed, or never had a round. */
export const NO_ESTIMATES: CellEstimates = {
  throughput: null,
  ratio: null,
  cpuPerJob: null,
  latency: null,
  wait: null,
  service: null,
  lag: null,
  firstJob: null,
  memory: null,
  gc: null,
  switches: null,
  counted: null,
  outliers: null,
};

function throughputOf(rounds: readonly Round[], common: PriorSpread): Cell['throughput'] {
  const perSecond = scaled(estimateOf(logRates(rounds), common), 1000);
  return perSecond && { ...perSecond, unit: 'jobs/s' };
}

/** Null also if no round shares turns with the reference. */
function ratioOf(
  rounds: readonly Round[],
  reference: string,
  referenceRounds: readonly Round[],
  common: PriorSpread,
): Cell['ratio'] {
  const ratio = estimateOf(ratiosTo(referenceRounds, rounds), common);
  return ratio && { to: reference, ...ratio };
}

function firstJobOf(rounds: readonly Round[], common: PriorSpread): Cell['firstJob'] {
  const ms = estimateOf(logFirstJobs(rounds), common);
  return ms && { ...ms, unit: 'ms' };
}

function logFirstJobs(rounds: readonly Round[]): Observed {
  const told = rounds.map(({ firstJobMs }) => firstJobMs).filter((ms) => ms > 0);
  return absolute(told.map(Math.log));
}

/** The estimate from the logs of a figure that varies by factors. */
function estimateOf(of: Observed, common: PriorSpread): Estimate | null {
  return of.logs.length === 0 ? null : ratioInterval(of.logs, 0.95, priorOf(common, of));
}

function scaled(estimate: Estimate | null, by: number): Estimate | null {
  if (estimate === null) return null;
  const { point, low, high } = estimate;
  return { point: point * by, low: low && low * by, high: high && high * by };
}
