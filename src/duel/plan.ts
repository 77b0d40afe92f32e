/** What is to be measured, before anything is: pure, so that the same seed gives the same plan. */
import type { LoopPolicy } from '../loop/policy.js';
import { seeded } from '../random.js';
import type { Params, Workload } from '../workload/workload.js';
import { williamsRows } from './order.js';

export interface Effort {
  /** Fresh processes for every contestant of a case, each time; one observation each. */
  readonly rounds: number;
  /** Times that each contestant works in a round. */
  readonly turns: number;
  /** Ms of one contestant's turn. */
  readonly sliceMs: number;
  /** Untimed work before the first turn: see `warm-up.ts`. */
  readonly warm: { readonly windowMs: number; readonly mostMs: number };
  /** About how long a sample should take, in ms. */
  readonly sampleMs: number;
}

/** About three minutes for the standard cases and policies. */
export const STANDARD: Effort = {
  rounds: 8,
  turns: 12,
  sliceMs: 16,
  warm: { windowMs: 25, mostMs: 600 },
  sampleMs: 0.8,
};
/** A first answer, in under a minute. */
export const QUICK: Effort = { ...STANDARD, rounds: 3, turns: 8 };

export interface PlannedCase {
  readonly workload: Workload;
  readonly params: Params;
}

export interface Plan {
  readonly policies: readonly LoopPolicy[];
  /** The policy that ratios refer to. */
  readonly reference: string;
  readonly cases: readonly PlannedCase[];
  readonly effort: Effort;
  readonly seed: number;
  /** URL of the compiled configuration module; null where the project has none. */
  readonly config: string | null;
}

export function casesOf(workloads: readonly Workload[]): PlannedCase[] {
  return workloads.flatMap((workload) => workload.cases.map((params) => ({ workload, params })));
}

export interface RoundOrder {
  /** In which order the contestants are started. */
  readonly start: readonly string[];
  /** For each turn, the order in which they work. */
  readonly turns: readonly (readonly string[])[];
}

/** Balanced within a round, and different from round to round. */
export function orderOf(
  plan: Plan,
  names: readonly string[],
  round: number,
  at: number,
): RoundOrder {
  const random = seeded(plan.seed + 7919 * round + at);
  const start = random.shuffle(names);
  const rows = random.shuffle(williamsRows(start.length));
  const turns = Array.from({ length: plan.effort.turns }, (_, turn) =>
    (rows[turn % rows.length] as number[]).map((member) => start[member] as string),
  );
  return { start, turns };
}
