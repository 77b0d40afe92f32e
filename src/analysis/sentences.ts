/**
 * What a case's numbers say, in a sentence:
 *
 *   uv is 1.42× microtask (1.38–1.47); workers: no difference larger than 6%.
 *
 * A difference is claimed only where the interval leaves out 1. Where it does not, the sentence
 * says how large a difference may still be there: "no difference" alone would claim too much.
 */
import type { Cell, Estimate } from '../documents/results.js';
import { outcomeOf, type CaseGroup } from '../documents/cases.js';
import { differs, formatBound, formatRatio } from '../text/format.js';

/** Names and reasons in it are from outside: a reporter makes it safe to print. */
export function sentenceOf({ cells }: Pick<CaseGroup, 'cells'>, reference: string): string {
  const clauses = cells
    .map((cell) => clauseOf(cell, reference))
    .filter((clause) => clause !== null);
  if (clauses.length > 0) return `${clauses.join('; ')}.`;
  return `${reference} ran alone: there is nothing to compare it with.`;
}

/** Null for the reference, which is compared with nothing, if it has nothing else to say. */
function clauseOf(cell: Cell, reference: string): string | null {
  const policy = cell.contestant.policy;
  const outcome = outcomeOf(cell);
  if (outcome !== null) {
    const reason = cell.reason === null ? '' : `: ${cell.reason}`;
    return `${policy} ${verbs[cell.status]}${reason}`;
  }
  const cut = cell.status === 'aborted' ? ` (${cell.reason ?? 'aborted'})` : '';
  if (cell.contestant.policy === reference) return cut === '' ? null : `${policy}${cut}`;
  if (cell.ratio === null) return `${policy} has no ratio to ${reference}${cut}`;
  return comparison(policy, cell.ratio.to, cell.ratio) + cut;
}

const verbs: Readonly<Record<Cell['status'], string>> = {
  ok: 'has no numbers',
  failed: 'failed',
  unavailable: 'is unavailable',
  aborted: 'was aborted',
};

function comparison(policy: string, to: string, ratio: Estimate): string {
  const { point, interval } = formatRatio(ratio);
  const { low, high } = ratio;
  if (low === null || high === null) {
    return `${policy} is ${point} ${to} in one round, too few to tell it from chance`;
  }
  if (differs(ratio)) return `${policy} is ${point} ${to} (${interval})`;
  const bound = Math.max(Math.abs(low - 1), Math.abs(high - 1));
  return `${policy}: no difference larger than ${formatBound(bound)}`;
}
