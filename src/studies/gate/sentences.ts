/** A cell's verdict in plain English: the size, how sure, on how much. */
import { formatBound, formatSignedEffect, formatEffect } from '../../text/format.js';
import type { CellVerdict } from './decide.js';
import type { Accepted } from './accepted.js';

export function sentenceOf(
  found: CellVerdict & { allowance: number },
  confirm: readonly number[],
  screen: readonly number[],
  excuse: Accepted | undefined,
): string {
  const { verdict, reason, shift, low, high, bound, mde, p, allowance } = found;
  if (shift === null) return 'no pair was measured: give it more time with --budget';
  const range =
    low === null || high === null ? '' : ` (${formatEffect(low)} to ${formatEffect(high)})`;
  const seen = mde === null ? '' : `; a slowdown of ${formatEffect(mde)} would have been seen`;
  const count = `${(confirm.length > 0 ? confirm : screen).length} pairs`;
  switch (verdict) {
    case 'slower': {
      const by = `slower by ${formatEffect(shift)}${range}, p ${pText(p)}, ${count}`;
      if (excuse === undefined) return by;
      const within = shift <= excuse.upTo ? 'accepted up to' : 'more than the accepted';
      return `${by}; ${within} ${formatEffect(excuse.upTo)}: ${excuse.reason}`;
    }
    case 'not slower':
      return bound === null
        ? `not slower: shift ${formatSignedEffect(shift)}, ${count}${seen}`
        : `no slowdown larger than ${formatBound(bound)}: shift ${formatSignedEffect(shift)}, ${count}${seen}`;
    case 'unresolved':
      if (reason === 'time') {
        return `unresolved: time ran out after ${count}, shift ${formatSignedEffect(shift)}${range}`;
      }
      return mde !== null && mde <= allowance
        ? `unresolved: shift ${formatSignedEffect(shift)}${range}, which leaves room for more than the ${formatEffect(allowance)} allowed`
        : `unresolved: shift ${formatSignedEffect(shift)}${range}, but only slowdowns of ${mde === null ? 'unknown size' : formatEffect(mde)} would have been seen, and ${formatEffect(allowance)} is asked`;
  }
}

function pText(p: number | null): string {
  if (p === null) return 'unknown';
  return p < 0.0001 ? '< 0.0001' : p.toPrecision(2);
}
