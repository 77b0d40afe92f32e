/**
 * What a pair of processes, a fresh base and a fresh head, says as one number: the log ratio of head's
 * time per job to base's. Positive is slower. Which time that is, `quantity.ts` says.
 *
 *   block   the time per job of a few turns, head's over base's     neighbours in time
 *   pair    Hodges and Lehmann's estimate over its blocks           one disturbed block is nothing
 */
import { slicesByBlock } from '../../documents/observations.js';
import type { Round } from '../../documents/results.js';
import { pseudoMedian } from '../../stats/hodges-lehmann.js';
import { timeOf, type Quantity } from './quantity.js';

/** A number is a quantile of the samples. */
export function pairsOf(
  base: readonly Round[],
  head: readonly Round[],
  quantity: Quantity | number,
): number[] {
  const partners = new Map(base.map((round) => [round.round, round]));
  return head.flatMap((round) => {
    const partner = partners.get(round.round);
    if (partner === undefined) return [];
    const theirs = timesByBlock(partner, quantity);
    const ofBlocks = [...timesByBlock(round, quantity)].flatMap(([block, time]) => {
      const other = theirs.get(block);
      return other === undefined ? [] : [Math.log(time / other)];
    });
    return ofBlocks.length === 0 ? [] : [pseudoMedian(ofBlocks)];
  });
}

function timesByBlock(round: Round, quantity: Quantity | number): Map<number, number> {
  return new Map(
    [...slicesByBlock(round)].flatMap(([block, slices]) => {
      const time = timeOf(quantity, slices);
      return time > 0 ? [[block, time] as const] : [];
    }),
  );
}
