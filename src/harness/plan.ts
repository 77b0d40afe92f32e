/** What is to be measured, before anything is: pure, so that the same seed gives the same plan. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Found, Program } from '../config/program.js';
import type { LoopPolicy } from '../loop/policy.js';
import { seeded } from '../stats/random.js';
import type { Load } from '../workload/open-loop.js';
import type { JobsSetup, Params, Workload } from '../workload/workload.js';
import { williamsRows } from './order.js';
import type { OpenRequest } from '../protocol/messages.js';

/** How a round goes. */
export interface RoundShape {
  /** Times that each contestant works in a round, at least: its orders are gone through in full. */
  readonly turns: number;
  /** Ms of one contestant's turn. */
  readonly sliceMs: number;
  /**
   * Untimed work before the first turn: see `warm-up.ts`. At 700 ms 43 of 208 processes of a standard run were
   * still getting faster, which the report tells; `--warm-up` gives them longer.
   */
  readonly warm: {
    readonly windowMs: number;
    readonly leastMs: number;
    readonly mostMs: number;
  };
  /** About how long a sample should take, in ms: a slice holds some twenty. */
  readonly sampleMs: number;
  /**
   * How many contestants open and warm up at the same time, from a case's second round on: a machine
   * of two cores has the round in little more than half the time. In the first round it is one, which
   * tells the time to the first job, and from its warm-up how large a sample is.
   */
  readonly atOnce: number;
  /** Work that arrives by a clock, instead of as many jobs in flight as the workload says; null for none. */
  readonly load: Load | null;
  /** They are builds of one policy: a sample has as many jobs in all of them. */
  readonly alike: boolean;
}

export const ROUND: RoundShape = {
  turns: 8,
  sliceMs: 16,
  warm: { windowMs: 25, leastMs: 250, mostMs: 700 },
  sampleMs: 0.8,
  atOnce: Math.min(2, availableParallelism()),
  load: null,
  alike: false,
};

/** Fewer and longer turns: a queue takes time to show. */
export function openRound(load: Load): RoundShape {
  return { ...ROUND, turns: 4, sliceMs: 250, load };
}

/** How many rounds: as many as fit, or so many for every case. */
export type Effort = { readonly budgetMs: number } | { readonly rounds: number };

export const STANDARD_BUDGET_MS = 180_000;
/** Leaves some of the promised 30 s for starting and reporting. */
export const QUICK_BUDGET_MS = 27_000;

/** What a contestant may take before it is ended and has failed. */
export interface Limits {
  /** Ms to open the loop, start the workload and verify a sample of it. */
  readonly openMs: number;
  /** Ms to answer anything else, beyond the time it was asked to work. */
  readonly workMs: number;
  /** Bytes of memory (resident) of one process. */
  readonly memoryBytes: number;
}

/**
 * A policy of a build: the bench has the policies of one build, the gate two builds of a policy. Or a program of
 * its own.
 */
export interface Contestant {
  /** Unique in its case. */
  readonly name: string;
  readonly policy: string;
  /** URL of the compiled configuration module; null where the project has none. */
  readonly config: string | null;
  /** It has none of our code, and is told the work as data. */
  readonly foreign?: boolean;
  find(): Promise<Found>;
}

export interface PlannedCase {
  readonly workload: Workload;
  readonly params: Params;
  readonly contestants: readonly Contestant[];
}

export interface Plan {
  /** The contestant that ratios refer to. */
  readonly reference: string;
  readonly cases: readonly PlannedCase[];
  readonly effort: Effort;
  readonly round: RoundShape;
  readonly limits: Limits;
  readonly seed: number;
}

/** `entry` is `contestant.js` of the build that is measured: this very one, unless it is said. */
export function contestantOf(
  policy: Pick<LoopPolicy, 'name' | 'probe'>,
  config: string | null,
  entry: URL = new URL('../contestant/main.js', import.meta.url),
): Contestant {
  const { name } = policy;
  const find = async (): Promise<Found> => {
    const found = await policy.probe();
    return found.ok ? { ok: true, command: nodeCommand(entry) } : found;
  };
  return { name, policy: name, config, find };
}

/** A program of its own, which has none of our code. */
export function programContestant({
  name,
  find,
}: Pick<Required<Program>, 'name' | 'find'>): Contestant {
  return { name, policy: name, config: null, foreign: true, find };
}

/** What starts a module of ours in a process of its own. */
export function nodeCommand(entry: URL): string[] {
  return [process.execPath, fileURLToPath(entry)];
}

/** What a contestant is told before anything else. */
export function openRequest(
  { policy, config, foreign = false }: Contestant,
  workload: Workload,
  setup: JobsSetup,
): OpenRequest {
  const open: OpenRequest = { do: 'open', policy, workload: workload.name, ...setup, config };
  return foreign ? { ...open, jobs: workload.jobs?.(setup) ?? null } : open;
}

type Case = Omit<PlannedCase, 'contestants'>;

export function casesOf(workloads: readonly Workload[]): Case[] {
  return workloads.flatMap((workload) => workload.cases.map((params) => ({ workload, params })));
}

/** The first case of every workload that stands for its kind in a first answer. */
export function quickCasesOf(workloads: readonly Workload[]): Case[] {
  return workloads
    .filter(({ quick }) => quick === true)
    .map((workload) => ({ workload, params: workload.cases[0] ?? {} }));
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
  const length = Math.ceil(plan.round.turns / rows.length) * rows.length;
  const turns = Array.from({ length }, (_, turn) =>
    (rows[turn % rows.length] as number[]).map((member) => start[member] as string),
  );
  return { start, turns };
}
