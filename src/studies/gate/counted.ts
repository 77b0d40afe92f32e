/**
 * What a job of base and of head takes of what can be counted (see `contestant/counts.ts`). Counts hardly vary: half of
 * the processes of one build lie within 0.02 to 0.3% in bytes per job (8 of 11 cells, 22 processes each). So few processes
 * tell a change that no clock can: one where the middle halves of both sides lie further apart than twice the width of either.
 *
 *   base  ·  ├──┤                 ·      a process in twenty has a third more, as something rare happened in it:
 *   head           gap ├──┤  ·           quartiles do not see it
 *
 * Counts are told, and do not fail a gate: more bytes are no verdict on the time.
 */
import type { Counted } from '../../documents/gate.js';
import type { Round } from '../../documents/results.js';
import type { JobCounts } from '../../protocol/measured.js';
import { median, quantile } from '../../stats/quantile.js';

const KINDS = ['bytes', 'calls', 'turns'] as const;
/** A smaller change per job is a rare event in one of the processes. */
const LEAST_PER_JOB = { bytes: 8, calls: 0.01, turns: 0.01 } as const;
/** Processes of each side, and the share of a change, from which on there is one. */
const FEWEST = 3;
const LEAST = 0.01;

export function countedOf(base: readonly Round[], head: readonly Round[]): Counted[] {
  return KINDS.flatMap((what) => {
    const [theirs, own] = [perJob(base, what), perJob(head, what)];
    if (theirs.length === 0 || own.length === 0) return [];
    const [before, after] = [median(theirs), median(own)];
    const share = before === 0 ? null : after / before - 1;
    const enough = Math.min(theirs.length, own.length) >= FEWEST;
    const large =
      Math.abs(after - before) >= LEAST_PER_JOB[what] &&
      (share === null || Math.abs(share) >= LEAST);
    return [{ what, base: before, head: after, changed: enough && large && apart(theirs, own) }];
  });
}

function perJob(rounds: readonly Round[], what: (typeof KINDS)[number]): number[] {
  return rounds.flatMap(({ counts }) => {
    const value: number | undefined = (counts as JobCounts | undefined)?.[what];
    return value === undefined || counts === undefined ? [] : [value / counts.jobs];
  });
}

/** The gap between the middle halves, as a multiple of the wider one. */
const GAP = 2;

function apart(a: readonly number[], b: readonly number[]): boolean {
  const [low, high] = [a, b].map(middleHalf).toSorted((one, other) => one.from - other.from) as [
    Half,
    Half,
  ];
  const width = Math.max(low.to - low.from, high.to - high.from);
  return high.from - low.to > GAP * width;
}

interface Half {
  readonly from: number;
  readonly to: number;
}

function middleHalf(values: readonly number[]): Half {
  return { from: quantile(values, 0.25), to: quantile(values, 0.75) };
}
