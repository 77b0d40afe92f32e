/**
 * What a job of base and of head takes of what can be counted (see `contestant/counts.ts`). Counts hardly vary, so few
 * processes tell a change that no clock can: one where the ranges of both sides lie further apart than either is wide.
 * They are told, and do not fail a gate: more bytes are no verdict on the time.
 */
import type { Counted } from '../../documents/gate.js';
import type { Round } from '../../documents/results.js';
import type { JobCounts } from '../../protocol/measured.js';
import { median } from '../../stats/quantile.js';

const KINDS = ['bytes', 'calls', 'turns'] as const;
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
    const large = share === null ? after > 0 : Math.abs(share) >= LEAST;
    return [{ what, base: before, head: after, changed: enough && large && apart(theirs, own) }];
  });
}

function perJob(rounds: readonly Round[], what: (typeof KINDS)[number]): number[] {
  return rounds.flatMap(({ counts }) => {
    const value: number | undefined = (counts as JobCounts | undefined)?.[what];
    return value === undefined || counts === undefined ? [] : [value / counts.jobs];
  });
}

function apart(a: readonly number[], b: readonly number[]): boolean {
  const width = Math.max(...[a, b].map((values) => Math.max(...values) - Math.min(...values)));
  const gap = Math.max(Math.min(...b) - Math.max(...a), Math.min(...a) - Math.max(...b));
  return gap > width;
}
