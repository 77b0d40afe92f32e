/** What measuring cost in a run, and how much of the worst cell's samples that was. */
import type { Cell, Harness, Round } from '../documents/results.js';
import { median } from '../stats/quantile.js';
import { sum } from '../stats/moments.js';

/** `parentShare` is CPU time of the parent while slices ran over their time; null without a slice. `elapsedMs`: the run's. */
export function harnessOf(
  cells: readonly Pick<Cell, 'rounds'>[],
  { parentShare, elapsedMs }: { readonly parentShare: number | null; readonly elapsedMs: number },
): Harness | null {
  const rounds = cells.flatMap((cell) => cell.rounds);
  if (rounds.length === 0 || parentShare === null) return null;
  // Those whose jobs are timed elsewhere, as a server's are by its client, say 0.
  const timed = rounds.map(({ harness }) => harness.jobUs).filter((us) => us > 0);
  const shares = cells
    .filter((cell) => cell.rounds.length > 0)
    .map((cell) => median(cell.rounds.map(shareOf)));
  return {
    sampleUs: median(rounds.map(({ harness }) => harness.sampleUs)),
    jobUs: median(timed.length === 0 ? [0] : timed),
    worstShare: Math.max(...shares),
    parentShare,
    measuredShare:
      elapsedMs === 0 ? 0 : sum(rounds, ({ slices }) => sum(slices, ({ ms }) => ms)) / elapsedMs,
  };
}

/** Of the time of a round's samples, what its samples and jobs cost to measure. */
function shareOf({ slices, harness }: Round): number {
  const samples = sum(slices, ({ samplesMs }) => samplesMs.length);
  const jobs = sum(slices, (slice) => slice.jobs);
  const ms = sum(slices, (slice) => slice.ms);
  return ms === 0 ? 0 : (samples * harness.sampleUs + jobs * harness.jobUs) / (ms * 1000);
}
