/** Makes a plan from the command line and the configuration. */
import { MEMORY_LIMIT_MIB } from '../config/settings.js';
import { durationMs } from '../text/duration.js';
import type { Project } from '../catalogue/project.js';
import {
  PRECISION,
  QUICK_ROUND,
  QUICK_BUDGET_MS,
  ROUND,
  STANDARD_BUDGET_MS,
  casesOf,
  contestantOf,
  contestantOn,
  openRound,
  programContestant,
  quickCasesOf,
  standardCasesOf,
  sameWarmUp,
  type Contestant,
  type Effort,
  type Limits,
  type Plan,
  type RoundShape,
} from '../harness/plan.js';
import { onRequest } from '../policies/registry.js';
import type { ArrivalKind } from '../workload/open-loop.js';
import type { Kind } from '../workload/workload.js';
import type { RuntimeFlags } from './runtimes/chosen.js';
import { UsageError, chosen } from '../text/usage.js';

export interface PlanFlags extends RuntimeFlags {
  policy?: string[];
  workload?: string[];
  kind?: Kind[];
  budget?: number;
  rounds?: number;
  quick?: boolean;
  /** Measure every case of every workload. */
  all?: boolean;
  /** The half width of a ratio's interval at which a case gets no more rounds; 0 to spend the budget. */
  precision?: number;
  seed?: number;
  /** In ms. */
  warmUp?: number;
  rate?: number;
  arrivals?: ArrivalKind;
  /** Node's flags for the contestants, as one text. */
  nodeFlags?: string;
  /** Variables for the contestants, as `NAME=value`. */
  env?: string[];
}

export const LIMITS: Limits = {
  openMs: 30_000,
  workMs: 10_000,
  memoryBytes: MEMORY_LIMIT_MIB * 1024 ** 2,
};

const REFERENCE = 'microtask';

export function planRun(project: Project, flags: PlanFlags): Plan {
  const { settings } = project;
  const nodeFlags = (flags.nodeFlags ?? '').split(/\s+/).filter(Boolean);
  const able = contestantsOf(project, nodeFlags);
  const wanted = settings.reference ?? REFERENCE;
  const contestants = contestantsNamed(able, wanted, flags.policy);
  const workloads = chosen(project.workloads, 'workload', flags.workload).filter(
    ({ kind }) => flags.kind?.includes(kind) ?? true,
  );
  if (workloads.length === 0) {
    throw new UsageError(`none of these workloads is of kind ${flags.kind?.join(' or ')}`);
  }
  const names = contestants.map(({ name }) => name);
  chosen(able, 'policy', [wanted]);
  // Whoever names workloads gets all their cases.
  const everything = flags.all === true || flags.workload !== undefined;
  const fewest = flags.quick === true && !everything;
  const cases = (fewest ? quickCasesOf : everything ? casesOf : standardCasesOf)(workloads)
    .map(({ workload, params }) => ({
      workload,
      params,
      contestants: contestants
        .filter(({ does }) => does?.includes(workload.name) ?? true)
        .map(({ contestant }) => contestant),
    }))
    .filter(({ contestants: those }) => those.length > 0);
  if (cases.length === 0) {
    const [{ name, does } = { name: '', does: [] }] = contestants;
    throw new UsageError(`program '${name}' does none of these workloads, but ${does?.join(', ')}`);
  }
  const { rate, arrivals = 'poisson' } = flags;
  if (rate !== undefined && flags.workload === undefined) {
    throw new UsageError('--rate is a rate of one kind of job: name it with --workload');
  }
  const seed = flags.seed ?? settings.seed ?? 1;
  return {
    reference: names.includes(wanted) ? wanted : (names[0] ?? wanted),
    cases,
    effort: effortOf(project, flags),
    round: warmedFor(
      flags.warmUp,
      rate !== undefined
        ? openRound({ perSecond: rate, arrivals, seed })
        : fewest && flags.budget === undefined
          ? QUICK_ROUND
          : ROUND,
    ),
    limits: limitsOf(project),
    launch: { nodeFlags, env: envOf(flags.env ?? []) },
    seed,
  };
}

function warmedFor(ms: number | undefined, round: RoundShape): RoundShape {
  if (ms === undefined) return round;
  const { warm } = round;
  const mostMs = Math.max(ms, warm.mostMs);
  return sameWarmUp({ ...warm, learnMs: ms, leastMs: ms, mostMs }, round);
}

/**
 * Without names, all that are not on request; where there are other runtimes, what Node does by itself on each of them,
 * and the reference. A policy that is named is meant on every runtime, `queue@node26` on that one.
 */
function contestantsNamed(
  able: readonly Able[],
  reference: string,
  names: readonly string[] | undefined,
): readonly Able[] {
  if (names !== undefined) {
    const own = chosen(able, 'policy', names);
    return own.flatMap((each) => [
      each,
      ...able.filter((other) => other.of === each.name && !own.includes(other)),
    ]);
  }
  if (able.every(({ of }) => of === null)) return able.filter(({ name }) => !onRequest.has(name));
  const plain = new Set([REFERENCE, reference]);
  return able.filter(({ name, of }) => (of === null ? name === reference : plain.has(of)));
}

interface Able {
  readonly name: string;
  /** The policy that it is on another runtime; null where it is one itself. */
  readonly of: string | null;
  readonly contestant: Contestant;
  /** The workloads that the contestant can do; null for all. */
  readonly does: readonly string[] | null;
}

function contestantsOf(
  { policies, programs, config, runtimes = [] }: Project,
  nodeFlags: readonly string[],
): Able[] {
  return [
    ...policies.map((policy) => ({
      name: policy.name,
      of: null,
      contestant: contestantOf(policy, config, { nodeFlags }),
      does: null,
    })),
    ...runtimes.flatMap((runtime) =>
      policies.map((policy) => {
        const contestant = contestantOn(runtime, policy, config, { nodeFlags });
        return { name: contestant.name, of: policy.name, contestant, does: null };
      }),
    ),
    ...programs.map((program) => ({
      name: program.name,
      of: null,
      contestant: programContestant(program),
      does: program.workloads,
    })),
  ];
}

/** The command line takes precedence over the configuration, and the number of rounds over a budget. */
function effortOf(
  { settings }: Project,
  { rounds, budget, quick, precision = PRECISION }: PlanFlags,
): Effort {
  if (rounds !== undefined) return { rounds };
  if (budget !== undefined) return { budgetMs: budget, precision };
  if (quick === true) return { budgetMs: QUICK_BUDGET_MS, precision };
  if (settings.rounds !== undefined) return { rounds: settings.rounds };
  const own = settings.budget === undefined ? null : durationMs(settings.budget);
  return { budgetMs: own ?? STANDARD_BUDGET_MS, precision };
}

function limitsOf({ settings: { deadline, memoryMiB } }: Project): Limits {
  const ms = deadline === undefined ? null : durationMs(deadline);
  return {
    openMs: ms ?? LIMITS.openMs,
    workMs: ms ?? LIMITS.workMs,
    memoryBytes: memoryMiB === undefined ? LIMITS.memoryBytes : memoryMiB * 1024 ** 2,
  };
}

export function envOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? [];
      if (name !== undefined && value !== undefined) return [name, value];
      throw new UsageError(
        `--env takes NAME=value, such as UV_THREADPOOL_SIZE=8, but got '${text}'`,
      );
    }),
  );
}
