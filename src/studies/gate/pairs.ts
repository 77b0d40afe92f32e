/**
 * What a pair of processes, a fresh base and a fresh head, says as one number: the log ratio of head's
 * time per job to base's. Positive is slower.
 *
 *   block   the quantile of the samples of a few turns, head's over base's     neighbours in time
 *   pair    Hodges and Lehmann's estimate over its blocks                      one disturbed block is nothing
 *
 * The gate judges the 10th percentile: what disturbs a machine only ever adds time, so the fast
 * samples are those that are about the code.
 */
import { slicesByBlock } from '../../documents/observations.js';
import type { Round } from '../../documents/results.js';
import { pseudoMedian } from '../../stats/hodges-lehmann.js';
import { quantile } from '../../stats/quantile.js';

export const GATED = 0.1;

export function pairsOf(
  base: readonly Round[],
  head: readonly Round[],
  share: number = GATED,
): number[] {
  const partners = new Map(base.map((round) => [round.round, round]));
  return head.flatMap((round) => {
    const partner = partners.get(round.round);
    if (partner === undefined) return [];
    const theirs = timesByBlock(partner, share);
    const ofBlocks = [...timesByBlock(round, share)].flatMap(([block, ms]) => {
      const other = theirs.get(block);
      return other === undefined ? [] : [Math.log(ms / other)];
    });
    return ofBlocks.length === 0 ? [] : [pseudoMedian(ofBlocks)];
  });
}

function timesByBlock(round: Round, share: number): Map<number, number> {
  return new Map(
    [...slicesByBlock(round)].flatMap(([block, slices]) => {
      const samples = slices.flatMap(({ samplesMs }) => samplesMs);
      const ms = samples.length === 0 ? 0 : quantile(samples, share);
      return ms > 0 ? [[block, ms] as const] : [];
    }),
  );
}
