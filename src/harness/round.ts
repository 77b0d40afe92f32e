/**
 * The processes of one round of a case:
 *
 *   start: A B C D    each a fresh process: open, verify
 *   warm              until there is evidence of a steady state; later rounds do as much work as that took
 *   body              turns, or whatever is measured with them
 *   end               whatever happens
 */
import type { Facts, Params, Workload } from '../workload/workload.js';
import {
  ContestantRun,
  OtherWorkError,
  fail,
  type ContestantOutcome,
  type RunContext,
} from './contestant-run.js';
import { startOrder, type Plan } from './plan.js';

export interface RoundSetup {
  readonly workload: Workload;
  readonly params: Params;
  readonly facts: Facts;
  readonly contestants: readonly ContestantOutcome[];
  /** The rounds before this one, and the case's place in the plan: the order depends on both. */
  readonly round: number;
  readonly at: number;
  /** The number of jobs that warm a contestant up, by name: learned in earlier rounds, and updated by this one. */
  readonly learned: Map<string, number>;
}

/** `body` gets the contestants that are warm, in the order in which they were started. */
export async function withRound(
  context: RunContext,
  setup: RoundSetup,
  body: (runs: readonly ContestantRun[]) => Promise<void>,
): Promise<void> {
  const { plan, signal } = context;
  const { workload, params, facts, contestants, round, at, learned } = setup;
  const names = contestants.map(({ contestant }) => contestant.name);
  // Processes that start at the same time slow each other down. In the first round they start alone, which gives the
  // time to the first job.
  const atOnce = round === 0 ? 1 : plan.round.atOnce;
  const runs: ContestantRun[] = [];
  const racing = (): ContestantRun[] => runs.filter((run) => run.able);
  try {
    await each(
      [...startOrder(plan, names, round, at).entries()],
      atOnce,
      async ([position, name]) => {
        if (signal.aborted) return;
        const outcome = contestants[names.indexOf(name)] as ContestantOutcome;
        const run = new ContestantRun(context, outcome, round, { position, alone: atOnce === 1 });
        runs[position] = run;
        await run.open(workload, { params, seed: plan.seed, facts });
      },
    );
    if (signal.aborted) return;
    compareDigests(plan, racing());
    await each(racing(), plan.round.atOnce, async (run) => {
      const jobs = await run.warm(learned.get(run.name) ?? null);
      if (jobs !== null && !learned.has(run.name)) learned.set(run.name, jobs);
    });
    // For builds of one policy: what one build has learned in one process must not set it apart from the other for
    // good.
    if (plan.round.alike && learned.size > 0) {
      const most = Math.max(...learned.values());
      for (const name of names) learned.set(name, most);
    }
    if (!signal.aborted) await body(racing());
  } finally {
    for (const run of runs) await run?.end();
  }
}

async function each<T>(
  all: readonly T[],
  atOnce: number,
  act: (one: T) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < all.length; at += atOnce) {
    await Promise.all(all.slice(at, at + atOnce).map(act));
  }
}

/** The reference's digest counts as right; without a reference, the most frequent one. */
function compareDigests({ reference }: Plan, runs: readonly ContestantRun[]): void {
  const count = (digest: string): number => runs.filter((run) => run.digest === digest).length;
  const judge =
    runs.find(({ name }) => name === reference) ??
    runs.toSorted((a, b) => count(b.digest) - count(a.digest))[0];
  for (const { outcome, digest } of runs) {
    const before = outcome.digest;
    if (before !== null && digest !== before) {
      fail(
        outcome,
        new OtherWorkError(`did other work than before: digest ${digest}, not ${before}`),
      );
    } else if (judge !== undefined && digest !== judge.digest) {
      const whose = `${judge.name}'s ${judge.digest}`;
      fail(
        outcome,
        new OtherWorkError(`did other work: its digest ${digest} differs from ${whose}`),
      );
    }
  }
}
