/**
 * What a pair of processes, a fresh base and a fresh head, says as one number: the log ratio of head's
 * time per job to base's. Positive is slower.
 *
 *   turn    the quantile of a slice's samples, head's over base's      neighbours in time
 *   pair    the median over its turns                                  one disturbed turn is nothing
 *
 * The gate judges the 10th percentile: what disturbs a machine only ever adds time, so the fast
 * samples are those that are about the code.
 */
import type { Round } from '../../documents/results.js';
import { median, quantileOfSorted } from '../../stats/quantile.js';

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
    const theirs = timesByTurn(partner, share);
    const ofTurns = [...timesByTurn(round, share)].flatMap(([turn, ms]) => {
      const other = theirs.get(turn);
      return other === undefined ? [] : [Math.log(ms / other)];
    });
    return ofTurns.length === 0 ? [] : [median(ofTurns)];
  });
}

function timesByTurn({ slices }: Round, share: number): Map<number, number> {
  return new Map(
    slices.flatMap(({ turn, samplesMs }) => {
      const ms = samplesMs.length === 0 ? 0 : quantileOfSorted(samplesMs, share);
      return ms > 0 ? [[turn, ms] as const] : [];
    }),
  );
}
