/**
 * Measures pairs where they are still needed:
 *
 *   screen     every cell, fewest pairs first, until its answer is certain      ┐ until the cap
 *   confirm    those that may be slower, with new pairs, one after the other    ┘
 *
 * One after the other, the largest shift first: an answer takes most of a confirmation's pairs, and time
 * that is shared by several may end before any of them has its own, though one is enough to stop a change.
 *
 * All cells are screened before any is confirmed, so that how many are to be confirmed, which is what
 * Holm's levels depend on, is known by then. When an answer is certain: `settled.ts`.
 */
import type { CaseOutcome } from '../../harness/case-run.js';
import { measureCases, type Progress } from '../../harness/measure.js';
import { PLAIN, ROUND, type Plan, type RoundShape } from '../../harness/plan.js';
import { LIMITS } from '../plan.js';
import type { GateDesign } from './gate-design.js';
import { pseudoMedian } from '../../stats/hodges-lehmann.js';
import { confirmSettled, screenSettled } from './settled.js';
import { screen } from './stages.js';
import type { GateCell } from './cells.js';
import { pairsOf } from './pairs.js';

/** Eight blocks of turns of each side, in ABBA order; from a cell's second pair on, as much work before them in both. */
export const PAIR: RoundShape = { ...ROUND, blocks: 8, alike: true };

export interface MeasuredCell {
  readonly cell: GateCell;
  readonly outcome: CaseOutcome;
  readonly screen: number[];
  readonly confirm: number[];
}

export interface MeasureOptions {
  readonly design: GateDesign;
  readonly seed: number;
  readonly capMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

export async function measurePairs(
  cells: readonly GateCell[],
  { design, seed, capMs, signal, onProgress }: MeasureOptions,
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
  const needs = new Needs(cells, design);
  const { cases } = await measureCases(plan, {
    signal,
    onProgress,
    choose: (outcomes, elapsedMs) => (elapsedMs >= capMs ? null : needs.next(outcomes)),
  });
  return cases.map((outcome, at) => ({
    cell: cells[at] as GateCell,
    outcome,
    ...needs.split(outcome, at),
  }));
}

class Needs {
  private readonly cells: readonly GateCell[];
  private readonly design: GateDesign;
  /** With how many pairs a cell's screen was settled. */
  private readonly screened = new Map<number, number>();

  constructor(cells: readonly GateCell[], design: GateDesign) {
    this.cells = cells;
    this.design = design;
  }

  next(outcomes: readonly CaseOutcome[]): number | null {
    const able = outcomes
      .map((outcome, at) => ({ at, ...this.split(outcome, at), over: isOver(outcome) }))
      .filter(({ over }) => !over);
    const unscreened = able.filter(({ at }) => !this.screened.has(at));
    if (unscreened.length > 0) return fewest(unscreened, (cell) => cell.screen.length);
    const survivors = able.filter(
      ({ at, screen: pairs }) =>
        this.cells[at]?.control === false && screen(pairs, this.design).survives,
    );
    const unsettled = survivors.filter(
      ({ confirm }) =>
        confirm.length === 0 || !confirmSettled(confirm, survivors.length, this.design),
    );
    return unsettled.length === 0 ? null : furthest(unsettled);
  }

  split(outcome: CaseOutcome, at: number): { screen: number[]; confirm: number[] } {
    const pairs = pairsOfCase(outcome);
    let end = this.screened.get(at);
    if (end === undefined && this.isScreened(pairs, at)) {
      end = pairs.length;
      this.screened.set(at, end);
    }
    return { screen: pairs.slice(0, end), confirm: end === undefined ? [] : pairs.slice(end) };
  }

  /** A control has no answer that is certain early: it may move either way. */
  private isScreened(pairs: readonly number[], at: number): boolean {
    if (this.cells[at]?.control === true) return pairs.length >= this.design.screenPairs;
    return pairs.length > 0 && screenSettled(pairs, this.design);
  }
}

export function pairsOfCase({ contestants }: CaseOutcome, share?: number): number[] {
  const [base, head] = contestants;
  return base === undefined || head === undefined ? [] : pairsOf(base.rounds, head.rounds, share);
}

/** One of the two cannot go on. */
function isOver({ contestants }: CaseOutcome): boolean {
  return contestants.some(({ status }) => status !== 'ok');
}

/** Of those to be confirmed: the one that has most pairs already, else that of the largest shift. */
export function furthest(
  cells: readonly { readonly at: number; readonly screen: number[]; readonly confirm: number[] }[],
): number {
  const further = (a: (typeof cells)[number], b: (typeof cells)[number]): boolean =>
    a.confirm.length === b.confirm.length
      ? pseudoMedian(a.screen) > pseudoMedian(b.screen)
      : a.confirm.length > b.confirm.length;
  return cells.reduce((a, b) => (further(b, a) ? b : a)).at;
}

function fewest<T extends { at: number }>(cells: readonly T[], pairs: (cell: T) => number): number {
  return cells.reduce((a, b) => (pairs(b) < pairs(a) ? b : a)).at;
}
