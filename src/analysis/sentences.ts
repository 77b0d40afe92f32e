/**
 * The result of a case as a sentence:
 *
 *   uv is 1.42× microtask (1.38–1.47); workers: no difference larger than 6%.
 *
 * A difference is claimed only if the interval excludes 1. Otherwise the sentence says how large a difference may still
 * be: "no difference" alone would claim too much. If that is large, nothing is known yet, and the sentence says how
 * much longer it would take.
 */
import type { Cell, Estimate } from '../documents/results.js';
import { outcomeOf, type CaseGroup } from '../documents/cases.js';
import { differs, formatBound, formatRatio } from '../text/format.js';

/** The sentence contains names and reasons from outside: a reporter must make it safe to print. */
export function sentenceOf(
  { cells }: Pick<CaseGroup, 'cells'>,
  reference: string,
  moreMs: number,
  isRace = false,
): string {
  const clauses = cells
    .map((cell) => clauseOf(cell, reference, moreMs, isRace))
    .filter((clause) => clause !== null);
  if (clauses.length > 0) return `${clauses.join('; ')}.`;
  return `${reference} ran alone: there is nothing to compare it with.`;
}

/** Null for the reference, which is compared with nothing, if nothing else is to be said about it. */
function clauseOf(cell: Cell, reference: string, moreMs: number, isRace: boolean): string | null {
  const policy = cell.contestant.policy;
  const outcome = outcomeOf(cell);
  if (outcome !== null) {
    const reason = cell.reason === null ? '' : `: ${cell.reason}`;
    return `${policy} ${verbs[cell.status]}${reason}`;
  }
  const cut = cell.status === 'aborted' ? ` (${cell.reason ?? 'aborted'})` : '';
  if (cell.contestant.policy === reference) return cut === '' ? null : `${policy}${cut}`;
  if (cell.ratio === null) return `${policy} has no ratio to ${reference}${cut}`;
  return comparison(policy, cell.ratio, moreMs, isRace) + cut;
}

type Ratio = NonNullable<Cell['ratio']>;

const verbs: Readonly<Record<Cell['status'], string>> = {
  ok: 'has no numbers',
  failed: 'failed',
  unavailable: 'is unavailable',
  aborted: 'was aborted',
};

/** Of a program against itself, 2× might be the time. */
function comparison(policy: string, ratio: Ratio, moreMs: number, isRace: boolean): string {
  const to = isRace ? `as fast as ${ratio.to}` : ratio.to;
  const { point, interval } = formatRatio(ratio);
  if (ratio.low === null) {
    return `${policy} is ${point} ${to} in one round, too few to tell it from chance`;
  }
  if (differs(ratio)) return `${policy} is ${point} ${to} (${interval})`;
  if (isLevel(ratio)) return `${policy}: no difference larger than ${formatBound(boundOf(ratio))}`;
  const more = moreMs === 0 ? '' : `: about ${formatMore(moreMs)} more`;
  return `${policy} is not resolved yet (${interval})${more}`;
}

/** If a difference of more than this is possible, no claim is made. */
const LEVEL = 0.1;

/** Whether the interval includes 1 and ends near it. */
export function isLevel(ratio: Estimate): boolean {
  return ratio.low !== null && !differs(ratio) && boundOf(ratio) <= LEVEL;
}

/** The largest difference that the interval leaves possible. */
export function boundOf({ low, high }: Estimate): number {
  return Math.max(Math.abs((low ?? 0) - 1), Math.abs((high ?? Infinity) - 1));
}

/** `40 seconds`, `6 minutes`. */
function formatMore(ms: number): string {
  const seconds = Math.ceil(ms / 10_000) * 10;
  return seconds < 100 ? `${seconds} seconds` : `${Math.ceil(ms / 60_000)} minutes`;
}
