/**
 * What one round says, as one number: the independent unit of all inference here.
 *
 *   turn     one slice of each contestant, measured next to each other in time
 *     │  log(rate / rate of the reference)       drift slower than a turn cancels here
 *   round    the median over its turns           one disturbed turn does not count
 */
import type { Round } from './results.js';
import { median } from '../stats/quantile.js';

/** A log ratio to the reference for each round that has turns in common with one of its. */
export function logRatios(rounds: readonly Round[], reference: readonly Round[]): number[] {
  const partners = new Map(reference.map((round) => [round.round, round]));
  return rounds.flatMap((round) => {
    const partner = partners.get(round.round);
    if (partner === undefined) return [];
    const theirs = ratesByTurn(partner);
    const ofTurns = [...ratesByTurn(round)].flatMap(([turn, rate]) => {
      const other = theirs.get(turn);
      return other === undefined ? [] : [Math.log(rate / other)];
    });
    return ofTurns.length === 0 ? [] : [median(ofTurns)];
  });
}

/** Jobs per second of each round that has any. */
export function ratesOf(rounds: readonly Round[]): number[] {
  return rounds
    .map((round) => [...ratesByTurn(round).values()])
    .filter((rates) => rates.length > 0)
    .map((rates) => median(rates) * 1000);
}

/** Jobs per ms, by turn. A slice that was cut off before its first sample ended has no rate. */
function ratesByTurn({ slices }: Round): Map<number, number> {
  return new Map(
    slices
      .filter(({ jobs, ms }) => jobs > 0 && ms > 0)
      .map(({ turn, jobs, ms }) => [turn, jobs / ms]),
  );
}
