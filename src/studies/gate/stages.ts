/** The gate's two stages and its control, each a rule on pairs: see gate-design.ts. */
import type { GateDesign } from './gate-design.js';
import { pseudoMedian } from '../../stats/hodges-lehmann.js';
import { holm } from '../../stats/holm.js';
import { signedRank } from '../../stats/signed-rank.js';

export interface ShiftTest {
  p: number;
  /** Hodges–Lehmann, of log ratios. */
  shift: number;
}

/** Is head slower? O(n²) for n pairs. */
export function slowdownTest(pairs: readonly number[]): ShiftTest {
  return { p: signedRank(pairs, 'greater').p, shift: pseudoMedian(pairs) };
}

export interface Screening extends ShiftTest {
  survives: boolean;
}

/** Whether a cell is worth more pairs. */
export function screen(pairs: readonly number[], design: GateDesign): Screening {
  const { p, shift } = slowdownTest(pairs);
  const survives = p < design.screenAlpha && shift > Math.log1p(design.screenEffect);
  return { p, shift, survives };
}

export interface Confirmation extends ShiftTest {
  slower: boolean;
}

/** The tests of all survivors, by cell and on new pairs; p becomes Holm's. */
export function confirm(
  tests: ReadonlyMap<string, ShiftTest>,
  design: GateDesign,
): Map<string, Confirmation> {
  const adjusted = holm([...tests.values()].map(({ p }) => p));
  const least = Math.log1p(design.minEffect);
  return new Map(
    [...tests].map(([cell, { shift }], index) => {
      const p = adjusted[index] as number;
      return [cell, { p, shift, slower: p < design.confirmAlpha && shift > least }];
    }),
  );
}

export interface ControlTest extends ShiftTest {
  moved: boolean;
}

/**
 * Whether cells whose code neither side can touch moved all the same, either way: then the machine
 * favours a side, and the run has measured nothing. p is two-sided, and Holm's over all controls.
 */
export function controls(
  cells: ReadonlyMap<string, readonly number[]>,
  design: GateDesign,
): Map<string, ControlTest> {
  const adjusted = holm([...cells.values()].map((pairs) => signedRank(pairs).p));
  return new Map(
    [...cells].map(([cell, pairs], index) => {
      const p = adjusted[index] as number;
      const shift = pseudoMedian(pairs);
      const moved = p < design.controlAlpha && Math.abs(shift) > Math.log1p(design.controlEffect);
      return [cell, { p, shift, moved }];
    }),
  );
}
