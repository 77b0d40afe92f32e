/**
 * Which case gets the next round.
 *
 *   first    every case in turn, until each has LEAST_ROUNDS
 *   then     among the cases wider than the requested precision, the one where a round's time reduces the
 *            summed variance most:
 *
 *                     σ²        1     a round costs c ms and turns the variance of a mean, σ²/n,
 *            gain = ───────  ·  ─     into σ²/(n + 1)
 *                   n(n + 1)    c
 *   end      when no case is wider, or no round fits into the budget
 *
 * σ² is that of the case's widest contestant, combined with a prior: rounds that agree by chance look certain, and a
 * case left alone for that reason would keep an interval that is too narrow. The prior comes from all cases (see
 * `stats/prior-spread.ts`), as it does for the intervals themselves.
 *
 * Pure; O(cases) for each round.
 */
import jStat from 'jstat';
import { commonSpread, priorOf, type Observed } from '../documents/observations.js';
import { heldTo, type PriorSpread } from '../stats/prior-spread.js';

/** Every case gets this many rounds before one is preferred to another. */
export const LEAST_ROUNDS = 2;
/** A guard: more rounds than this mean that something else is wrong. */
const MOST_ROUNDS = 1000;

/** By which share of the budget the last round may exceed it. */
const OVERRUN = 0.04;

export interface CaseState {
  /** The number of rounds done. */
  readonly rounds: number;
  /** How long a round of the case takes, in ms. */
  readonly roundMs: number;
  /** The log ratios of each contestant. */
  readonly observations: readonly Observed[];
  /** No contestant is left to measure. */
  readonly over: boolean;
}

export interface Spending {
  readonly budgetMs: number;
  readonly spentMs: number;
  /** The half width of a ratio's 95% interval at which a case gets no more rounds; 0 for none. */
  readonly precision: number;
}

/** The index of the case. Null if no further round is needed, or none fits. */
export function nextRound(cases: readonly CaseState[], spending: Spending): number | null {
  const { budgetMs, spentMs, precision } = spending;
  const left = budgetMs * (1 + OVERRUN) - spentMs;
  const able = cases
    .map((state, at) => ({ state, at }))
    .filter(({ state }) => !state.over && state.roundMs <= left);
  const [first] = able;
  if (first === undefined) return null;
  const fewest = able.reduce((a, b) => (b.state.rounds < a.state.rounds ? b : a));
  if (fewest.state.rounds < LEAST_ROUNDS) return fewest.at;
  const common = commonOf(cases);
  const wide = able
    .map(({ state, at }) => ({ at, spread: spreadOf(state, common), state }))
    .filter(({ spread, state }) => precision === 0 || halfWidth(spread, state.rounds) > precision)
    .map((each) => ({ ...each, gain: gain(each.spread.variance, each.state) }));
  return wide.length === 0 ? null : wide.reduce((a, b) => (b.gain > a.gain ? b : a)).at;
}

/** Ms until a case is as narrow as `precision`, at its present spread; 0 if it is. */
export function msUntilPrecise(cases: readonly CaseState[], at: number, precision: number): number {
  const state = cases[at];
  if (state === undefined || state.over || precision === 0) return 0;
  const { variance, freedom } = spreadOf(state, commonOf(cases));
  let rounds = Math.max(LEAST_ROUNDS, state.rounds);
  const spreadAt = (n: number): PriorSpread => ({ variance, freedom: freedom + n - state.rounds });
  while (rounds < MOST_ROUNDS && halfWidth(spreadAt(rounds), rounds) > precision) rounds++;
  return Math.max(0, rounds - state.rounds) * state.roundMs;
}

function gain(variance: number, { rounds, roundMs }: CaseState): number {
  return variance / (rounds * (rounds + 1)) / roundMs;
}

function commonOf(cases: readonly CaseState[]): PriorSpread {
  return commonSpread(cases.flatMap(({ observations }) => observations));
}

/** The spread of the widest contestant. */
function spreadOf({ observations }: CaseState, common: PriorSpread): PriorSpread {
  return observations
    .filter(({ logs }) => logs.length > 1)
    .map((of) => heldTo(priorOf(common, of), of.logs))
    .reduce((a, b) => (b.variance > a.variance ? b : a), NOTHING);
}

/** The prior without two rounds: nothing is known, and it asks for no round too many. */
const NOTHING: PriorSpread = { variance: 0, freedom: 1 };

function halfWidth({ variance, freedom }: PriorSpread, rounds: number): number {
  return Math.expm1(jStat.studentt.inv(0.975, freedom) * Math.sqrt(variance / rounds));
}
