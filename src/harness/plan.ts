/** What is to be measured, before anything is: pure, so that the same seed gives the same plan. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Found, Program } from '../config/program.js';
import type { LoopPolicy } from '../loop/policy.js';
import { commandOn, probeOn, titleOf } from '../runtimes/command.js';
import type { Resolved } from '../runtimes/runtime.js';
import { mixed, seeded, type Random } from '../stats/random.js';
import type { Load } from '../workload/open-loop.js';
import type { JobsSetup, Kind, Params, Workload } from '../workload/workload.js';
import { balancedTurns, williamsRows } from './order.js';
import { firstBlocks } from './turns.js';
import type { OpenRequest } from '../protocol/messages.js';

export interface WarmUp {
  readonly windowMs: number;
  /** In a case's first round, at least: compilers have later tiers, before which rates are flat, too. */
  readonly learnMs: number;
  /** In the others, whose work is known: as much of it as takes this long, at least. */
  readonly leastMs: number;
  /** The bound: what has not settled by then is measured all the same, and marked. */
  readonly mostMs: number;
}

export function warmUpOf({ warm, warmIo = warm }: RoundShape, kind: Kind): WarmUp {
  return kind === 'cpu' ? warm : warmIo;
}

/** How a round goes. */
export interface RoundShape {
  /**
   * Blocks of turns in a round, at least: its orders are gone through in full. Null where that follows from what was
   * measured, see `turns.ts`.
   */
  readonly blocks: number | null;
  /** Ms that a contestant works in a block, and in one turn; null where that follows from how the contestants work. */
  readonly blockMs: number | null;
  readonly turnMs: number | null;
  /** Ms of work before each turn that do not count; left to the contestants where it is not said. */
  readonly leadMs?: number;
  /** Untimed work before the first turn: see `steady.ts`. */
  readonly warm: WarmUp;
  /** The warm-up of workloads with IO. Default: `warm`. */
  readonly warmIo?: WarmUp;
  /** Rounds of a case that the budget should have room for: the first one takes no more of it. */
  readonly roomFor: number;
  /** About how long a sample should take, in ms. */
  readonly sampleMs: number;
  /** About how long the jobs take that are counted at the end of a round (see `contestant/counts.ts`), in ms; 0: none. */
  readonly countMs: number;
  /**
   * How many contestants warm up at the same time, and open from a case's second round on: a machine
   * of two cores has the round in little more than half the time.
   */
  readonly atOnce: number;
  /** Work that arrives by a clock, instead of as many jobs in flight as the workload says; null for none. */
  readonly load: Load | null;
  /** They are builds of one policy: a sample has as many jobs in all of them. */
  readonly alike: boolean;
}

/**
 * A rate that looks flat still falls a little, as the young generation of the heap grows: CPU time per job of `json` in
 * the first half second, and after 1, 2, 4 and 6 s: 138, 131, 129, 127 and 124 µs (medians of 7 processes of
 * `microtask`).
 *
 * Sockets, parsers and a client are many times the code of a sieve. CPU time per job of `pipeline`, `crawl` and
 * `first-completed` after a warm-up of 1, 2, 3 and 5 s, medians of 8 processes of `microtask`: 517, 470, 343 and 281 µs;
 * 1300, 1080, 1000 and 1040; 775, 700, 480 and 375.
 */
export const ROUND: RoundShape = {
  blocks: null,
  blockMs: null,
  turnMs: null,
  warm: { windowMs: 40, learnMs: 3000, leastMs: 2000, mostMs: 4000 },
  warmIo: { windowMs: 40, learnMs: 4000, leastMs: 3000, mostMs: 6000 },
  roomFor: 5,
  sampleMs: 1,
  countMs: 100,
  atOnce: Math.min(2, availableParallelism()),
  load: null,
  alike: false,
};

/** Two rounds or three of two cases in half a minute. */
export const QUICK_ROUND: RoundShape = sameWarmUp(
  { windowMs: 40, learnMs: 1200, leastMs: 700, mostMs: 1800 },
  { ...ROUND, roomFor: 3, countMs: 0 },
);

/** A round whose warm-up does not hang on the kind of work. */
export function sameWarmUp(warm: WarmUp, round: RoundShape = ROUND): RoundShape {
  return { ...round, warm, warmIo: warm };
}

/** Longer turns, and each of them a block: a queue takes time to show. */
export function openRound(load: Load): RoundShape {
  return { ...ROUND, blocks: 4, blockMs: 250, turnMs: 250, load };
}

/** What it takes to open a contestant, and its turns of a block, before any was measured. */
const GUESSED = { openMs: 450, blockMs: 80 };

/** What a case's first round takes, before it was run. */
export function guessedRoundMs({ round }: Plan, contestants: number, kind: Kind): number {
  const { atOnce } = round;
  const warm = warmUpOf(round, kind);
  const blockMs = round.blockMs ?? GUESSED.blockMs;
  const processMs = contestants * (GUESSED.openMs + warm.learnMs / atOnce);
  const costs = { processMs, blockMs: contestants * blockMs };
  return processMs + (round.blocks ?? firstBlocks(costs, contestants)) * costs.blockMs;
}

/** How many rounds: as many as fit, or so many for every case. */
export type Effort =
  | {
      readonly budgetMs: number;
      /** Half width of a ratio's interval from which on a case is known well enough; 0: the budget is spent. */
      readonly precision: number;
      /** Rounds before that counts. Default 0. */
      readonly least?: number;
    }
  | { readonly rounds: number };

export const STANDARD_BUDGET_MS = 300_000;
/** Leaves some of the promised 30 s for starting and reporting. */
export const QUICK_BUDGET_MS = 27_000;
export const PRECISION = 0.05;

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
  /** What it runs on, where that is not this very Node; such as `Bun 1.4.5`. */
  readonly runtime?: string;
  /** It has none of our code, and is told the work as data. */
  readonly foreign?: boolean;
  /** Its process drives the program that is measured, and is not that program. */
  readonly drives?: boolean;
  /** Variables that it alone has. */
  readonly env?: Readonly<Record<string, string>>;
  find(): Promise<Found>;
  /** Where what was found at this path, or URL, lies now; for one that moves between rounds. */
  readonly placed?: (at: string) => string;
}

/** How the contestants' processes are started, beyond what anybody would do. */
export interface Launch {
  /** Flags of Node. */
  readonly nodeFlags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export const PLAIN: Launch = { nodeFlags: [], env: {} };

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
  readonly launch: Launch;
  readonly seed: number;
}

const OWN_ENTRY = new URL('../contestant/main.js', import.meta.url);

/** `entry` is `contestant/main.js` of the build that is measured: this very one, unless it is said. */
export function contestantOf(
  policy: Pick<LoopPolicy, 'name' | 'probe'>,
  config: string | null,
  { entry = OWN_ENTRY, nodeFlags = [] }: { entry?: URL; nodeFlags?: readonly string[] } = {},
): Contestant {
  const { name } = policy;
  const find = async (): Promise<Found> => {
    const found = await policy.probe();
    return found.ok ? { ok: true, command: nodeCommand(entry, nodeFlags) } : found;
  };
  return { name, policy: name, config, find };
}

/** A policy on another runtime: `queue@node26`. */
export function contestantOn(
  resolved: Resolved,
  policy: Pick<LoopPolicy, 'name'>,
  config: string | null,
  { entry = OWN_ENTRY, nodeFlags = [] }: { entry?: URL; nodeFlags?: readonly string[] } = {},
): Contestant {
  const label = resolved.ok ? resolved.runtime.label : resolved.label;
  const find = async (): Promise<Found> => {
    if (!resolved.ok) return resolved;
    const { runtime } = resolved;
    const found = await probeOn(runtime, policy.name, config);
    return found.ok ? { ok: true, command: commandOn(runtime, entry, nodeFlags) } : found;
  };
  return {
    name: `${policy.name}@${label}`,
    policy: policy.name,
    config,
    ...(resolved.ok && { runtime: titleOf(resolved.runtime) }),
    find,
  };
}

/** A program of its own, which has none of our code. */
export function programContestant({
  name,
  find,
}: Pick<Required<Program>, 'name' | 'find'>): Contestant {
  return { name, policy: name, config: null, foreign: true, find };
}

/** What starts a module of ours in a process of its own. */
export function nodeCommand(entry: URL, flags: readonly string[] = []): string[] {
  return [process.execPath, ...flags, fileURLToPath(entry)];
}

/** What a contestant is told before anything else. */
export function openRequest(
  { policy, config, foreign = false, placed }: Contestant,
  workload: Workload,
  setup: JobsSetup,
): OpenRequest {
  const open: OpenRequest = {
    do: 'open',
    policy,
    workload: workload.name,
    ...setup,
    config: config === null || placed === undefined ? config : placed(config),
  };
  return foreign ? { ...open, jobs: workload.jobs?.(setup) ?? null } : open;
}

type Case = Omit<PlannedCase, 'contestants'>;

export function casesOf(workloads: readonly Workload[]): Case[] {
  return workloads.flatMap((workload) => workload.cases.map((params) => ({ workload, params })));
}

/** What a run measures that names no workload. */
export function standardCasesOf(workloads: readonly Workload[]): Case[] {
  return workloads.flatMap((workload) => casesOf([workload]).slice(0, workload.standard));
}

/** The first case of every workload that is part of a first answer. */
export function quickCasesOf(workloads: readonly Workload[]): Case[] {
  return workloads
    .filter(({ quick }) => quick === true)
    .map((workload) => ({ workload, params: workload.cases[0] ?? {} }));
}

/** In which order contestants are started: another one in each round. */
export function startOrder(
  { seed }: Plan,
  names: readonly string[],
  round: number,
  at: number,
): string[] {
  return randomOf(seed, round, at).shuffle(names);
}

/** For each turn, the order in which they work: balanced within a round, and another one in each. */
export function turnOrder(
  { seed }: Plan,
  names: readonly string[],
  round: number,
  at: number,
  turns: number,
): string[][] {
  const rows = randomOf(seed, round, at).shuffle(williamsRows(names.length));
  return Array.from({ length: balancedTurns(turns, names.length) }, (_, turn) =>
    (rows[turn % rows.length] as number[]).map((member) => names[member] as string),
  );
}

function randomOf(seed: number, round: number, at: number): Random {
  return seeded(mixed(seed, round, at));
}
