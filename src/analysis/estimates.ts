/**
 * From the raw rounds of one case to its estimates.
 *
 * A round is a fresh process, so rounds are what is independent; turns and samples of one process
 * are not. Every interval is over rounds, one observation each (see `observations.ts`): mean ±
 * Student's t, of what varies by factors on the log scale, with the spread held to that of the
 * run's other cells (see `prior-spread.ts`). Latencies, and what is counted, are of all rounds
 * together.
 */
import type { Cell, Round } from '../documents/results.js';
import { cpuOf, cpuPerJobOf } from './cpu-per-job.js';
import { lagOf, latencyOf } from './durations.js';
import { logRatios, ratesOf } from '../documents/observations.js';
import { outliersOf } from './outliers.js';
import { gcOf, memoryOf, switchesOf } from './process-costs.js';
import { NO_PRIOR, priorSpread, type PriorSpread } from '../stats/prior-spread.js';
import { geometricInterval, ratioInterval } from '../stats/interval.js';

/** What a cell says beyond what it is; each is null where nothing usable was measured. */
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
  | 'outliers'
>;

/** Of one case: every contestant's rounds, by name. */
export type CaseRounds = ReadonlyMap<string, readonly Round[]>;

/** What has an interval over rounds. */
export type Priors = Readonly<
  Record<'throughput' | 'ratio' | 'cpuPerJob' | 'firstJob', PriorSpread>
>;

/** Cells of a kind may be taken to spread alike: IO several times as much as computing. */
export function priorsByKind(
  reference: string,
  cases: readonly { readonly kind: Cell['kind']; readonly rounds: CaseRounds }[],
): Map<Cell['kind'], Priors> {
  const kinds = new Set(cases.map(({ kind }) => kind));
  return new Map(
    [...kinds].map((kind) => {
      const alike = cases.filter((each) => each.kind === kind).map(({ rounds }) => rounds);
      return [kind, priorsOf(reference, alike)];
    }),
  );
}

function priorsOf(reference: string, cases: readonly CaseRounds[]): Priors {
  const each = (
    logs: (own: readonly Round[], referenceRounds: readonly Round[], name: string) => number[],
  ): PriorSpread =>
    priorSpread(
      cases.flatMap((rounds) =>
        [...rounds].map(([name, own]) => logs(own, rounds.get(reference) ?? [], name)),
      ),
    );
  return {
    throughput: each((own) => ratesOf(own).map(Math.log)),
    ratio: each((own, theirs, name) => (name === reference ? [] : logRatios(own, theirs))),
    cpuPerJob: each((own) => cpuOf(own).map(({ total }) => Math.log(total))),
    firstJob: each((own) => firstJobsOf(own).map(Math.log)),
  };
}

/** Every cell by its own rounds alone. */
const NO_PRIORS: Priors = {
  throughput: NO_PRIOR,
  ratio: NO_PRIOR,
  cpuPerJob: NO_PRIOR,
  firstJob: NO_PRIOR,
};

/** `reference` names the contestant that all ratios are to. */
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
      outliers: outliersOf(own),
    });
  }
  return estimates;
}

/** Of a contestant that has none: it failed, or never had a round. */
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
  outliers: null,
};

function throughputOf(rounds: readonly Round[], prior: PriorSpread): Cell['throughput'] {
  const rates = ratesOf(rounds);
  return rates.length === 0 ? null : { ...geometricInterval(rates, 0.95, prior), unit: 'jobs/s' };
}

/** Null also where no round has turns in common with the reference. */
function ratioOf(
  rounds: readonly Round[],
  reference: string,
  referenceRounds: readonly Round[],
  prior: PriorSpread,
): Cell['ratio'] {
  const ofRounds = logRatios(rounds, referenceRounds);
  return ofRounds.length === 0 ? null : { to: reference, ...ratioInterval(ofRounds, 0.95, prior) };
}

function firstJobOf(rounds: readonly Round[], prior: PriorSpread): Cell['firstJob'] {
  const times = firstJobsOf(rounds);
  return times.length === 0 ? null : { ...geometricInterval(times, 0.95, prior), unit: 'ms' };
}

function firstJobsOf(rounds: readonly Round[]): number[] {
  return rounds.map(({ firstJobMs }) => firstJobMs).filter((ms) => ms > 0);
}
