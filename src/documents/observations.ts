/**
 * What one round says, as one number: the independent unit of all inference here.
 *
 *   turn     one slice of each contestant, measured next to each other in time
 *     │  log(rate / rate of the reference)       drift slower than a turn cancels here
 *   round    Hodges and Lehmann's estimate over its turns: one disturbed turn in four does not count, and it is as
 *            good as the mean of 95% of the turns (the median: of 64%)
 */
import type { Round } from './results.js';
import { pseudoMedian } from '../stats/hodges-lehmann.js';

/** A log ratio to the reference for each round that has turns in common with one of its. */
export function logRatios(rounds: readonly Round[], reference: readonly Round[]): number[] {
  return turnLogs(rounds, reference).map(pseudoMedian);
}

/**
 * By round, the log ratio to the reference of each turn that both had; without a reference, the log rate. A round
 * without such a turn is left out.
 */
export function turnLogs(rounds: readonly Round[], reference: readonly Round[] | null): number[][] {
  const partners = new Map((reference ?? []).map((round) => [round.round, round]));
  return rounds
    .map((round) => {
      const own = [...ratesByTurn(round)];
      if (reference === null) return own.map(([, rate]) => Math.log(rate));
      const partner = partners.get(round.round);
      const theirs = partner === undefined ? new Map<number, number>() : ratesByTurn(partner);
      return own.flatMap(([turn, rate]) => {
        const other = theirs.get(turn);
        return other === undefined ? [] : [Math.log(rate / other)];
      });
    })
    .filter((logs) => logs.length > 0);
}

/** Jobs per second of each round that has any. */
export function ratesOf(rounds: readonly Round[]): number[] {
  return turnLogs(rounds, null).map((logs) => Math.exp(pseudoMedian(logs)) * 1000);
}

/** Jobs per ms, by turn. A slice that was cut off before its first sample ended has no rate. */
function ratesByTurn({ slices }: Round): Map<number, number> {
  return new Map(
    slices
      .filter(({ jobs, ms }) => jobs > 0 && ms > 0)
      .map(({ turn, jobs, ms }) => [turn, jobs / ms]),
  );
}
