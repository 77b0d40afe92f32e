/**
 * The result of one round as one number: the independent unit of all inference here.
 *
 *   turn     one slice of each contestant, next to each other in time: drift slower than a turn cancels
 *   block    a few turns, enough work to hold several garbage collections; a contestant that works on several cores
 *            has one long turn in it
 *     │  log(jobs per ms, over those of the reference)
 *   round    Hodges and Lehmann's estimate over its blocks: one disturbed block in four does not count, and it is as
 *            good as the mean of 95% of the blocks (the median: of 64%)
 */
import type { Round } from './results.js';
import { pseudoMedian } from '../stats/hodges-lehmann.js';
import { mean, sum } from '../stats/moments.js';
import { NO_PRIOR, inUnits, priorSpread, type PriorSpread } from '../stats/prior-spread.js';
import { robustDeviation } from '../stats/spread.js';

/** One contestant's rounds in one case, on the log scale. */
export interface Observed {
  /** One log for each round. */
  readonly logs: readonly number[];
  /** How much the rounds would differ if only their known noise varied, on the log scale; null if nothing is known. */
  readonly unit: number | null;
}

/** Processes differ by at least this much, on the log scale, however alike their blocks are. */
const LEAST_UNIT = 0.004;

/** The common spread of the cells, each in its own unit. */
export function commonSpread(cells: readonly Observed[]): PriorSpread {
  return priorSpread(
    cells.flatMap(({ logs, unit }) => (unit === null ? [] : [logs.map((log) => log / unit)])),
  );
}

/** The prior for the spread of this cell. */
export function priorOf(common: PriorSpread, { unit }: Observed): PriorSpread {
  return unit === null ? NO_PRIOR : inUnits(common, unit);
}

/** Log ratios to the reference, one for each round that shares turns with a round of the reference. */
export function ratiosTo(reference: readonly Round[], rounds: readonly Round[]): Observed {
  return observed(blockLogs(rounds, reference));
}

/** Makes observations from the logs of each block, by round. */
export function observed(blocks: readonly (readonly number[])[]): Observed {
  const several = blocks.filter((logs) => logs.length > 1);
  const variance = (logs: readonly number[]): number => robustDeviation(logs) ** 2 / logs.length;
  return {
    logs: blocks.map(pseudoMedian),
    unit:
      several.length === 0 ? null : Math.hypot(LEAST_UNIT, Math.sqrt(mean(several.map(variance)))),
  };
}

/** Log rates in jobs per ms, one for each round that has any. */
export function logRates(rounds: readonly Round[]): Observed {
  return absolute(blockLogs(rounds, null).map(pseudoMedian));
}

/** Figures that are not measured beside others vary with the machine, by the same amount in all cells. */
export function absolute(logs: readonly number[]): Observed {
  return { logs, unit: 1 };
}

/** Log ratios to the reference, one for each round that shares turns with a round of the reference. */
export function logRatios(
  rounds: readonly Round[],
  reference: readonly Round[],
): readonly number[] {
  return ratiosTo(reference, rounds).logs;
}

/** Rates in jobs per second. */
export function ratesOf(rounds: readonly Round[]): number[] {
  return logRates(rounds).logs.map((log) => Math.exp(log) * 1000);
}

/**
 * By round, the log ratio to the reference for each block that both have. Without a reference, the log of jobs per ms.
 * A round without such a block is left out.
 */
export function blockLogs(
  rounds: readonly Round[],
  reference: readonly Round[] | null,
): number[][] {
  const partners = new Map((reference ?? []).map((round) => [round.round, round]));
  return rounds
    .map((round) => {
      const blocks = [...perBlock(round)];
      if (reference === null) return blocks.map(([, own]) => logRate(own));
      const partner = partners.get(round.round);
      if (partner === undefined) return [];
      const theirs = perBlock({ ...partner, block: round.block });
      return blocks.flatMap(([block, own]) => {
        const other = theirs.get(block);
        return other === undefined ? [] : [logRate(own) - logRate(other)];
      });
    })
    .filter((logs) => logs.length > 0);
}

interface Work {
  readonly jobs: number;
  readonly ms: number;
}

function logRate({ jobs, ms }: Work): number {
  return Math.log(jobs / ms);
}

/** The timed jobs and ms of each block. */
function perBlock(round: Round): Map<number, Work> {
  // A slice that was cut off before its first sample ended has no rate.
  const slices = round.slices.filter(({ jobs, ms }) => jobs > 0 && ms > 0);
  return new Map(
    [...slicesByBlock({ ...round, slices })].map(([at, own]) => [
      at,
      { jobs: sum(own, ({ jobs }) => jobs), ms: sum(own, ({ ms }) => ms) },
    ]),
  );
}

/** The slices of each block, by the number of the block. */
export function slicesByBlock({
  slices,
  block,
}: Pick<Round, 'slices' | 'block'>): Map<number, Round['slices']> {
  const blocks = new Map<number, Round['slices']>();
  for (const slice of slices) {
    const at = Math.floor(slice.turn / block);
    const own = blocks.get(at);
    if (own === undefined) blocks.set(at, [slice]);
    else own.push(slice);
  }
  return blocks;
}
