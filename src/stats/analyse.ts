/**
 * From the raw rounds of one case to its estimates.
 *
 * A round is a fresh process, so rounds are what is independent; turns and samples of one process
 * are not. Every interval is over rounds, one observation each (see `observations.ts`): mean ±
 * Student's t, of what varies by factors on the log scale. Latencies, and what is counted, are of
 * all rounds together.
 */
import type { Cell, Round } from '../schema/results.js';
import { cpuPerJobOf } from './cpu-per-job.js';
import { lagOf, latencyOf } from './durations.js';
import { logRatios, ratesOf } from './observations.js';
import { outliersOf } from './outliers.js';
import { gcOf, memoryOf, switchesOf } from './process-costs.js';
import { geometricInterval, ratioInterval } from './ratio-interval.js';

/** What a cell says beyond what it is; each is null where nothing usable was measured. */
export type CellEstimates = Pick<
  Cell,
  | 'throughput'
  | 'ratio'
  | 'cpuPerJob'
  | 'latency'
  | 'lag'
  | 'firstJob'
  | 'memory'
  | 'gc'
  | 'switches'
  | 'outliers'
>;

/** `rounds` has every contestant's, by name; `reference` names the one all ratios are to. */
export function analyseCase(
  reference: string,
  rounds: ReadonlyMap<string, readonly Round[]>,
): Map<string, CellEstimates> {
  const referenceRounds = rounds.get(reference) ?? [];
  const estimates = new Map<string, CellEstimates>();
  for (const [name, own] of rounds) {
    const throughput = throughputOf(own);
    estimates.set(name, {
      throughput,
      ratio:
        name === reference
          ? throughput && { to: reference, point: 1, low: 1, high: 1 }
          : ratioOf(own, reference, referenceRounds),
      cpuPerJob: cpuPerJobOf(own),
      latency: latencyOf(own),
      lag: lagOf(own),
      firstJob: firstJobOf(own),
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
  lag: null,
  firstJob: null,
  memory: null,
  gc: null,
  switches: null,
  outliers: null,
};

function throughputOf(rounds: readonly Round[]): Cell['throughput'] {
  const rates = ratesOf(rounds);
  return rates.length === 0 ? null : { ...geometricInterval(rates), unit: 'jobs/s' };
}

/** Null also where no round has turns in common with the reference. */
function ratioOf(
  rounds: readonly Round[],
  reference: string,
  referenceRounds: readonly Round[],
): Cell['ratio'] {
  const ofRounds = logRatios(rounds, referenceRounds);
  return ofRounds.length === 0 ? null : { to: reference, ...ratioInterval(ofRounds) };
}

function firstJobOf(rounds: readonly Round[]): Cell['firstJob'] {
  const times = rounds.map(({ firstJobMs }) => firstJobMs).filter((ms) => ms > 0);
  return times.length === 0 ? null : { ...geometricInterval(times), unit: 'ms' };
}
