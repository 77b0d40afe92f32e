/** The middle value, or halfway between the two middle ones: the quantile at one half. */
import { quantile } from './quantile.js';

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
