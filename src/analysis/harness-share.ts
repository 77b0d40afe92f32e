/** What measuring cost in a run, and how much of the worst cell's samples that was. */
import type { Cell, Harness, Round } from '../documents/results.js';
import { median } from '../stats/quantile.js';
import { sum } from '../stats/moments.js';

/**
 * `parentShare`: CPU time of the parent while slices ran, over the slices' time; null without a slice. `elapsedMs`: the
 * duration of the run.
 */
export function harnessOf(
  cells: readonly Pick<Cell, 'rounds'>[],
  { parentShare, elapsedMs }: { readonly parentShare: number | null; readonly elapsedMs: number },
): Harness | null {
  const rounds = cells.flatMap((cell) => cell.rounds);
  if (rounds.length === 0 || parentShare === null) return null;
  // Contestants whose jobs are timed elsewhere (a server's, by its client) report 0.
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

/** The cost of measuring a round's samples and jobs, as a share of the samples' time. */
function shareOf({ slices, harness }: Round): number {
  const samples = sum(slices, ({ samplesMs }) => samplesMs.length);
  const jobs = sum(slices, (slice) => slice.jobs);
  const ms = sum(slices, (slice) => slice.ms);
  return ms === 0 ? 0 : (samples * harness.sampleUs + jobs * harness.jobUs) / (ms * 1000);
}
