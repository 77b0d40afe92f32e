/** A cell's verdict in plain English: the size, how sure, on how much. */
import { formatBound, formatSignedEffect, formatEffect, formatNumber } from '../../text/format.js';
import type { CellVerdict } from './decide.js';
import type { Accepted } from './accepted.js';

export function sentenceOf(
  { verdict, shift, low, high, bound, evidence }: CellVerdict,
  count: number,
  excuse: Accepted | undefined,
): string {
  if (shift === null) return 'no pair was measured: give it more time with --budget';
  const range =
    low === null || high === null ? '' : ` (${formatEffect(low)} to ${formatEffect(high)})`;
  const pairs = `${count} ${count === 1 ? 'pair' : 'pairs'}`;
  switch (verdict) {
    case 'slower': {
      const odds = `${formatNumber(evidence, 2)} to 1 against chance`;
      const by = `slower by ${formatEffect(shift)}${range}, ${odds}, ${pairs}`;
      if (excuse === undefined) return by;
      const within = shift <= excuse.upTo ? 'accepted up to' : 'more than the accepted';
      return `${by}; ${within} ${formatEffect(excuse.upTo)}: ${excuse.reason}`;
    }
    case 'not slower': {
      const size = bound === null ? '' : `no slowdown of ${formatBound(bound)} or more: `;
      return `${size}shift ${formatSignedEffect(shift)}, ${pairs}`;
    }
    case 'unresolved': {
      const hidden = bound === null ? 'any slowdown' : `a slowdown of ${formatBound(bound)}`;
      return `unresolved: shift ${formatSignedEffect(shift)}${range}, which could hide ${hidden}, ${pairs}`;
    }
  }
}
