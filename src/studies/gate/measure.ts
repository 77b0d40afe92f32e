/**
 * Measures pairs where they are still needed, until every cell is decided or the time is spent. Each cell has FIRST
 * pairs; then the next pair is of the cell that is nearest to its answer, by the seconds that it seems to need. A cell
 * that seems to need more than is left gets no more, and stays open.
 *
 * One may stop at any pair, and look at any time: see gate-design.ts.
 */
import type { CaseOutcome } from '../../harness/case-run.js';
import { measureCases, type Progress } from '../../harness/measure.js';
import { PLAIN, ROUND, sameWarmUp, type Plan, type RoundShape } from '../../harness/plan.js';
import { LIMITS } from '../plan.js';
import type { Arena } from './arena.js';
import type { GateCell } from './cells.js';
import { standingOf, type Standing } from './decide.js';
import type { GateDesign } from './gate-design.js';
import { pairsOf } from './pairs.js';
import type { Quantity } from './quantity.js';

/**
 * Blocks of each side; from a cell's second pair on, as much work before them in both. Two sides that are as warm as each
 * other need not be as warm as in a run, and a pair that costs less is another pair: pairs of four blocks spread as
 * those of six do, within a tenth, and take 2.0 s instead of 2.7 s at the median of 11 cells.
 */
export const PAIR: RoundShape = sameWarmUp(
  { windowMs: 40, learnMs: 1200, leastMs: 700, mostMs: 2000 },
  { ...ROUND, blocks: 4, alike: true },
);

/** Pairs of every cell before any is preferred. */
const FIRST = 3;
/** Pairs from which on what a cell seems to need is believed. */
const TOLD = 10;

export interface MeasuredCell {
  readonly cell: GateCell;
  readonly outcome: CaseOutcome;
  readonly pairs: readonly number[];
}

export interface MeasureOptions {
  readonly design: GateDesign;
  readonly seed: number;
  readonly capMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Where base and head change places. */
  readonly arena: Arena;
}

export async function measurePairs(
  cells: readonly GateCell[],
  { design, seed, capMs, signal, onProgress, arena }: MeasureOptions,
): Promise<MeasuredCell[]> {
  const plan: Plan = {
    reference: 'base',
    cases: cells,
    effort: { budgetMs: capMs, precision: 0 },
    round: PAIR,
    limits: LIMITS,
    launch: PLAIN,
    seed,
  };
  const standing = (outcome: CaseOutcome, at: number): CellSoFar => ({
    pairs: pairsOfCase(outcome, (cells[at] as GateCell).quantity),
    over: outcome.contestants.some(({ status }) => status !== 'ok'),
  });
  const spent = cells.map(() => 0);
  let last: { at: number; began: number } | null = null;
  const { cases } = await measureCases(plan, {
    signal,
    onProgress,
    beside: arena,
    choose: (outcomes, elapsedMs) => {
      if (last !== null) spent[last.at] = (spent[last.at] as number) + elapsedMs - last.began;
      const at =
        elapsedMs >= capMs
          ? null
          : nextPair(outcomes.map(standing), spent, design, capMs - elapsedMs);
      last = at === null ? null : { at, began: elapsedMs };
      return at;
    },
  });
  return cases.map((outcome, at) => ({
    cell: cells[at] as GateCell,
    outcome,
    pairs: standing(outcome, at).pairs,
  }));
}

export interface CellSoFar {
  readonly pairs: readonly number[];
  /** One of its sides cannot go on. */
  readonly over: boolean;
}

/** `spentMs` is what each cell took so far. Null when all are decided, or no time that is left would decide them. */
export function nextPair(
  cells: readonly CellSoFar[],
  spentMs: readonly number[],
  design: GateDesign,
  leftMs: number,
): number | null {
  const open = cells
    .map(({ pairs, over }, at) => ({
      at,
      pairs,
      over,
      standing: standingOf(pairs, cells.length, design),
    }))
    .filter(
      ({ pairs, over, standing }) =>
        !over && standing.decided === null && pairs.length < design.mostPairs,
    );
  const [first] = open.toSorted((a, b) => a.pairs.length - b.pairs.length);
  if (first === undefined) return null;
  if (first.pairs.length < FIRST) return first.at;
  const needs = ({ at, pairs, standing }: (typeof open)[number]): number =>
    (pairsNeeded(standing, pairs.length) * (spentMs[at] as number)) / pairs.length;
  const hopeful = open.filter((each) => each.pairs.length < TOLD || needs(each) <= leftMs);
  if (hopeful.length === 0) return null;
  return hopeful.reduce((a, b) => (needs(b) < needs(a) ? b : a)).at;
}

/** At the pace so far, until the nearer of the two answers. */
function pairsNeeded({ slower, notSlower, needs }: Standing, pairs: number): number {
  const missing = (has: number, need: number): number =>
    has <= 0 ? Infinity : (Math.max(0, need - has) * pairs) / has;
  return Math.min(missing(slower, needs.slower), missing(notSlower, needs.notSlower));
}

/** A number is a quantile of the samples. */
export function pairsOfCase({ contestants }: CaseOutcome, quantity: Quantity | number): number[] {
  const [base, head] = contestants;
  return base === undefined || head === undefined
    ? []
    : pairsOf(base.rounds, head.rounds, quantity);
}
