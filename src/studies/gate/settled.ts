/**
 * When a cell needs no more pairs. Not by a peek at p, which would let an A/A cell stop on a lucky
 * streak, but where **no outcome of the missing pairs could change the answer**: the missing ones are
 * taken as immensely faster, then as immensely slower, and if the rule says the same of both, it says
 * so of everything between. Error rates are thus those of the full number of pairs, exactly.
 *
 *   measured   + + − + + + + + + + + + + + + + +         17 of 20
 *   worst      the same, and 3 × −∞                      p < 0.15 all the same: it survives
 *
 * Why the extremes bound the rest: the sum of positive ranks grows by at most its full rank with a
 * new pair, as it does with one slower than all, and does not shrink, as with one faster than all; a
 * Walsh average grows with its values. The same steps show that **the rule says of the measured pairs
 * alone what it would say of all**, so a settled cell goes through `screen` and `confirm` as it is.
 * Assumed: missing pairs neither tie with others nor are exactly 0, as log ratios of times are not.
 *
 * O(n²), n being the planned number of pairs.
 */
import type { GateDesign } from './gate-design.js';
import { screen, slowdownTest } from './stages.js';

/** Log ratios above this do not exist: e^1e6. */
const IMMENSE = 1e6;

/** Whether `screen` of these pairs already says what it would say of `screenPairs`. */
export function screenSettled(pairs: readonly number[], design: GateDesign): boolean {
  const missing = design.screenPairs - pairs.length;
  if (missing <= 0) return true;
  const worst = screen([...pairs, ...immense(missing, -1)], design);
  const best = screen([...pairs, ...immense(missing, 1)], design);
  return worst.survives === best.survives;
}

/**
 * Whether `confirm` already calls a cell slower, or not, whatever comes and whatever the other
 * survivors (`family`, this one included) show.
 *
 * Slower: at worst p is below Bonferroni's level, which Holm's is never below, and the shift large
 * enough. Not slower: at best p is above the level even for a family of one. A small shift alone does
 * not settle a cell: its p still counts in Holm's order, and a p that is read early is a peek.
 */
export function confirmSettled(
  pairs: readonly number[],
  family: number,
  design: GateDesign,
): boolean {
  const missing = design.confirmPairs - pairs.length;
  if (missing <= 0) return true;
  const worst = slowdownTest([...pairs, ...immense(missing, -1)]);
  if (worst.p < design.confirmAlpha / family && worst.shift > Math.log1p(design.minEffect)) {
    return true;
  }
  return slowdownTest([...pairs, ...immense(missing, 1)]).p >= design.confirmAlpha;
}

function immense(count: number, sign: 1 | -1): number[] {
  return Array.from({ length: count }, (_, index) => sign * IMMENSE * (index + 1));
}
