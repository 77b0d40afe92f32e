/**
 * From the raw rounds of one case to its estimates.
 *
 *   turn        one slice of each contestant, measured next to each other in time
 *     │  log(rate / rate of the reference)       drift slower than a turn cancels here
 *   round       the median over its turns        one disturbed turn does not count
 *     │  one observation per round
 *   estimate    mean over rounds ± Student's t   a round is a fresh process, so rounds are what
 *                                                is independent; turns of one process are not
 *
 * Throughput and CPU per job go the same way without a partner: a rate is the median over the
 * round's turns, and both are averaged on the log scale.
 */
import type { CpuPerJob, Ratio, Round, Slice, Throughput } from '../schema/results.js';
import { median } from './median.js';
import { geometricInterval, ratioInterval } from './ratio-interval.js';

/** What the duel hands over for one contestant and one round. */
export type RoundRecord = Round;

export interface CaseEstimates {
  /** Null without a single usable round. */
  throughput: Throughput | null;
  /** Null also where no round has turns in common with the reference. */
  ratio: Ratio | null;
  /** Null also where the machine's CPU clock is too coarse to see any of the work. */
  cpuPerJob: CpuPerJob | null;
}

/** `rounds` has every contestant's, by policy; `reference` names the one all ratios are to. */
export function analyseCase(
  reference: string,
  rounds: ReadonlyMap<string, readonly RoundRecord[]>,
): Map<string, CaseEstimates> {
  const referenceRounds = rounds.get(reference) ?? [];
  const estimates = new Map<string, CaseEstimates>();
  for (const [policy, own] of rounds) {
    const throughput = throughputOf(own);
    const ratio =
      policy === reference
        ? throughput && { to: reference, point: 1, low: 1, high: 1 }
        : ratioOf(own, reference, referenceRounds);
    estimates.set(policy, { throughput, ratio, cpuPerJob: cpuPerJobOf(own) });
  }
  return estimates;
}

function throughputOf(rounds: readonly RoundRecord[]): Throughput | null {
  const perRound = rounds
    .map((round) => [...ratesByTurn(round).values()])
    .filter((rates) => rates.length > 0)
    .map((rates) => median(rates) * 1000);
  return perRound.length === 0 ? null : { ...geometricInterval(perRound), unit: 'jobs/s' };
}

function ratioOf(
  rounds: readonly RoundRecord[],
  reference: string,
  referenceRounds: readonly RoundRecord[],
): Ratio | null {
  const partners = new Map(referenceRounds.map((round) => [round.round, round]));
  const perRound: number[] = [];
  for (const round of rounds) {
    const partner = partners.get(round.round);
    if (partner === undefined) continue;
    const partnerRates = ratesByTurn(partner);
    const logRatios: number[] = [];
    for (const [turn, rate] of ratesByTurn(round)) {
      const partnerRate = partnerRates.get(turn);
      if (partnerRate !== undefined) logRatios.push(Math.log(rate / partnerRate));
    }
    if (logRatios.length > 0) perRound.push(median(logRatios));
  }
  return perRound.length === 0 ? null : { to: reference, ...ratioInterval(perRound) };
}

function cpuPerJobOf(rounds: readonly RoundRecord[]): CpuPerJob | null {
  const perRound = rounds
    .map(({ slices }) => ({
      user: sum(slices, ({ cpuUserUs }) => cpuUserUs),
      system: sum(slices, ({ cpuSystemUs }) => cpuSystemUs),
      jobs: sum(slices, ({ allJobs }) => allJobs),
    }))
    .filter(({ jobs }) => jobs > 0);
  const totals = perRound.map(({ user, system, jobs }) => (user + system) / jobs);
  // Some systems count CPU time in steps of 15.6 ms. A round below one step would read as free.
  if (totals.length === 0 || totals.includes(0)) return null;
  const whole = geometricInterval(totals);
  const share = median(perRound.map(({ user, system }) => user / (user + system)));
  return {
    ...whole,
    user: whole.point * share,
    system: whole.point * (1 - share),
    unit: 'us',
  };
}

/** Jobs per ms, by turn. A slice that was cut off before its first batch ended has no rate. */
function ratesByTurn({ slices }: RoundRecord): Map<number, number> {
  return new Map(
    slices
      .filter(({ jobs, ms }) => jobs > 0 && ms > 0)
      .map(({ turn, jobs, ms }) => [turn, jobs / ms]),
  );
}

function sum(slices: readonly Slice[], of: (slice: Slice) => number): number {
  return slices.reduce((total, slice) => total + of(slice), 0);
}
