/**
 * From the pairs of all cells of a gate run to its verdicts. Design and sign: see gate-design.ts.
 *
 *   slower        confirmed, whatever the cell's MDE
 *   not slower    it would have been found, and is not there: the MDE and the interval's upper end are
 *                 within the cell's allowance. The sentence is "no slowdown larger than X%", X being
 *                 `bound`. Both, as the MDE, made to bear a few strange pairs, does not see many
 *   unresolved    it might have been missed: 'noise', one of the two is above the allowance; or 'time',
 *                 the pairs ended before the cell was settled
 *
 * A cell's shift and interval come from the pairs that its verdict rests on: a survivor's from its
 * confirmation alone, as those of the screen were chosen for being slow. Its MDE comes from the spread
 * of all its pairs and from the planned number of them. Cells that `settled.ts` stops early have the
 * verdict of the full number; of their interval that is only nearly true.
 */
import { stagesOf, type GateDesign } from './gate-design.js';
import { hodgesLehmann } from '../../stats/hodges-lehmann.js';
import { minimumDetectableEffect } from '../../stats/mde.js';
import { confirmSettled, screenSettled } from './settled.js';
import { robustDeviation } from '../../stats/spread.js';
import { confirm, screen, slowdownTest, type ShiftTest } from './stages.js';

export interface CellPairs {
  screen: readonly number[];
  /** New pairs, of survivors only. */
  confirm?: readonly number[];
  /** The design's unless told. A share of time: 0.05 is 5%. */
  allowance?: number;
}

/** Effects are shares of time added: 0.03 is 3% slower, −0.03 is 3% less time. */
export interface CellVerdict {
  verdict: 'slower' | 'not slower' | 'unresolved';
  /** Null but for `unresolved`. */
  reason: 'noise' | 'time' | null;
  /** One-sided: of the screen, or Holm's of the confirmation. Null without a pair, as is the shift. */
  p: number | null;
  shift: number | null;
  /** Of the shift; null where there are too few pairs for the confidence. */
  low: number | null;
  high: number | null;
  /** The upper end of the interval, at least 0: a larger slowdown is not compatible with the pairs. */
  bound: number | null;
  /** Null with fewer than two pairs. */
  mde: number | null;
}

/** By cell, in the order given. Throws InvalidArgumentError for a pair that is not finite. */
export function decide(
  cells: ReadonlyMap<string, CellPairs>,
  design: GateDesign,
): Map<string, CellVerdict> {
  const screened = (pairs: readonly number[]): boolean =>
    pairs.length > 0 && screenSettled(pairs, design);
  const survivors = [...cells].filter(
    ([, own]) => screened(own.screen) && screen(own.screen, design).survives,
  );
  const confirmable = (pairs: readonly number[]): boolean =>
    pairs.length > 0 && confirmSettled(pairs, survivors.length, design);
  // A survivor that time left unsettled shows nothing yet, but the others are still its family.
  const tests = survivors.map(([cell, { confirm: pairs = [] }]): [string, ShiftTest] => [
    cell,
    confirmable(pairs) ? slowdownTest(pairs) : { p: 1, shift: 0 },
  ]);
  const confirmed = confirm(new Map(tests), design);

  return new Map(
    [...cells].map(([cell, own]) => {
      const outcome = confirmed.get(cell);
      const fresh = outcome === undefined ? [] : (own.confirm ?? []);
      const settled = outcome === undefined ? screened(own.screen) : confirmable(fresh);
      const family = Math.max(survivors.length, 1);
      const estimate = {
        ...estimateOf(fresh.length > 0 ? fresh : own.screen, design),
        mde: mdeOf([...own.screen, ...fresh], family, design),
      };
      if (settled && outcome !== undefined) estimate.p = outcome.p;
      const allowance = own.allowance ?? design.allowance;
      const verdict = verdictOf(settled, outcome?.slower ?? false, estimate, allowance);
      return [cell, { ...verdict, ...estimate }];
    }),
  );
}

function verdictOf(
  settled: boolean,
  slower: boolean,
  { mde, bound }: Pick<CellVerdict, 'mde' | 'bound'>,
  allowance: number,
): Pick<CellVerdict, 'verdict' | 'reason'> {
  if (!settled) return { verdict: 'unresolved', reason: 'time' };
  if (slower) return { verdict: 'slower', reason: null };
  if (mde === null || bound === null || Math.max(mde, bound) > allowance) {
    return { verdict: 'unresolved', reason: 'noise' };
  }
  return { verdict: 'not slower', reason: null };
}

function estimateOf(
  pairs: readonly number[],
  design: GateDesign,
): Omit<CellVerdict, 'verdict' | 'reason' | 'mde'> {
  if (pairs.length === 0) return { p: null, shift: null, low: null, high: null, bound: null };
  const { point, low, high } = hodgesLehmann(pairs, design.confidence);
  return {
    p: slowdownTest(pairs).p,
    shift: Math.expm1(point),
    low: low === null ? null : Math.expm1(low),
    high: high === null ? null : Math.expm1(high),
    bound: high === null ? null : Math.max(0, Math.expm1(high)),
  };
}

function mdeOf(pairs: readonly number[], family: number, design: GateDesign): number | null {
  if (pairs.length < 2) return null;
  const stages = stagesOf(design, family);
  return Math.expm1(minimumDetectableEffect(robustDeviation(pairs), stages, design.power));
}
