/**
 * Measures the cases of a plan against the clock, round by round (see `case-run.ts`).
 *
 * Drift that is slower than a turn affects all contestants equally and cancels in their ratio. JIT and memory layout
 * differ from process to process, so only rounds are independent. All cases get their first round before any gets its
 * second, so that an early end still leaves a balanced result.
 */
import type { Found } from '../config/program.js';
import type { Params } from '../workload/workload.js';
import { CaseRun, type CaseOutcome, type MeasuredCase } from './case-run.js';
import type { Beside } from './beside.js';
import { childrenUntil } from './children.js';
import type { RunContext } from './contestant-run.js';
import { msUntilPrecise, nextRound } from './next-round.js';
import { PRECISION, type Plan, type PlannedCase } from './plan.js';

export type { CaseOutcome };

export interface Progress {
  readonly workload: string;
  readonly params: Params;
  /** The round of this case, from 0. */
  readonly round: number;
  readonly elapsedMs: number;
  /** About how long the run will still take. */
  readonly leftMs: number;
}

export type OpenCase = (
  context: RunContext,
  planned: PlannedCase,
  found: readonly Found[],
) => MeasuredCase;

export interface MeasureOptions {
  /** Ends the run early: every child is ended, and what was measured is returned. */
  readonly signal: AbortSignal;
  /**
   * Chooses the next case by its index in the plan; null ends the run. Default: by the plan's effort (see
   * `next-round.ts`).
   */
  readonly choose?: (cases: readonly CaseOutcome[], elapsedMs: number) => number | null;
  readonly beside?: Beside;
  /** Another way to measure a case; default: contestants in turns (`case-run.ts`). */
  readonly openCase?: OpenCase;
  /** Called before each round of a case, while no contestant works, with what was measured so far. */
  readonly onProgress: (progress: Progress, cases: readonly CaseOutcome[]) => void;
}

export interface MeasuredCases {
  readonly cases: readonly CaseOutcome[];
  /** CPU time of this process while slices ran, as a share of the slices' time; null without slices. */
  readonly parentShare: number | null;
}

export async function measureCases(plan: Plan, options: MeasureOptions): Promise<MeasuredCases> {
  const { signal, onProgress, choose = byEffort(plan), beside, openCase } = options;
  const began = performance.now();
  const { children, end } = childrenUntil(signal);
  const parent = { cpuUs: 0, sliceUs: 0 };
  const context: RunContext = { plan, signal, children, parent, ...(beside && { beside }) };
  const runs = await Promise.all(
    plan.cases.map(async (planned, at) => {
      const found = await Promise.all(planned.contestants.map((each) => each.find()));
      return openCase?.(context, planned, found) ?? new CaseRun(context, at, planned, found);
    }),
  );
  try {
    while (!signal.aborted) {
      const elapsedMs = performance.now() - began;
      const at = choose(runs, elapsedMs);
      const next = at === null ? undefined : runs[at];
      if (next === undefined) break;
      const { workload, params, rounds: round } = next;
      const leftMs = timeLeft(plan, runs, elapsedMs);
      onProgress({ workload: workload.name, params, round, elapsedMs, leftMs }, runs);
      await next.round();
    }
  } finally {
    // Whatever happens to a fixture, no process is left.
    try {
      await Promise.all(runs.map((caseRun) => caseRun.close()));
    } finally {
      await end();
    }
  }
  settle(plan, runs, signal.aborted);
  tellMore(plan, runs);
  const { cpuUs, sliceUs } = context.parent;
  return { cases: runs, parentShare: sliceUs === 0 ? null : cpuUs / sliceUs };
}

function byEffort({ effort }: Plan) {
  return (runs: readonly CaseOutcome[], spentMs: number): number | null => {
    const states = (runs as readonly MeasuredCase[]).map((caseRun) => caseRun.state);
    if ('budgetMs' in effort) {
      const { least = 0 } = effort;
      const early = states.some(({ rounds }) => rounds < least);
      return nextRound(states, { ...effort, precision: early ? 0 : effort.precision, spentMs });
    }
    const due = states
      .map(({ rounds, over }, at) => ({ rounds, over, at }))
      .filter(({ rounds, over }) => !over && rounds < effort.rounds);
    return due.toSorted((a, b) => a.rounds - b.rounds)[0]?.at ?? null;
  };
}

function timeLeft({ effort }: Plan, runs: readonly MeasuredCase[], spentMs: number): number {
  if ('budgetMs' in effort) return Math.max(0, effort.budgetMs - spentMs);
  return runs.reduce((sum, { rounds, state: { over, roundMs } }) => {
    return over ? sum : sum + Math.max(0, effort.rounds - rounds) * roundMs;
  }, 0);
}

/** Sets the reason for every contestant that has fewer rounds than planned. */
function settle({ effort }: Plan, runs: readonly MeasuredCase[], interrupted: boolean): void {
  for (const outcome of runs.flatMap((caseRun) => caseRun.contestants)) {
    const { status, rounds } = outcome;
    if (status !== 'ok' || (!interrupted && rounds.length > 0)) continue;
    if (interrupted && 'rounds' in effort && rounds.length === effort.rounds) continue;
    outcome.status = 'aborted';
    outcome.reason = interrupted
      ? `interrupted after ${rounds.length} ${rounds.length === 1 ? 'round' : 'rounds'}`
      : 'the budget was spent before its first round: give a longer --budget';
  }
}

/** Sets how much longer each case would take to reach the requested precision. */
function tellMore({ effort }: Plan, runs: readonly MeasuredCase[]): void {
  const precision = 'precision' in effort && effort.precision > 0 ? effort.precision : PRECISION;
  const states = runs.map(({ state }) => state);
  for (const [at, run] of runs.entries()) run.moreMs = msUntilPrecise(states, at, precision);
}
