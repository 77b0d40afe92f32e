/**
 * The duel: measures every case of a plan, round by round.
 *
 *   round    case    start: A B C D    each a fresh process: open, verify, warm
 *                    turn 0: A B D C    a slice each, some 16 ms, the others silent
 *                    turn 1: B C A D    balanced orders (see order.ts)
 *                    …                  ▶ one observation per contestant
 *
 * Drift that is slower than a turn hits all contestants alike and cancels in their ratio. JIT and
 * memory layout differ from process to process, so only rounds are independent: all cases get their
 * first round before any gets its second, and what an early end leaves is still balanced.
 */
import type { FixtureLoad, Params, Workload } from '../workload/workload.js';
import type { Child } from './child.js';
import { Entrant, fail, type Arena, type ContestantOutcome } from './entrant.js';
import { openFixture, type OpenedFixture } from './fixture.js';
import { orderOf, type Plan } from './plan.js';

export interface CaseOutcome {
  readonly workload: Workload;
  readonly params: Params;
  readonly contestants: readonly ContestantOutcome[];
  /** How busy the fixture was, where there was one and it could say. */
  load: FixtureLoad | null;
}

export interface Progress {
  readonly workload: string;
  readonly params: Params;
  /** From 0. */
  readonly round: number;
  /** Rounds of cases that are done, of `total`. */
  readonly done: number;
  readonly total: number;
}

export interface DuelOptions {
  /** Ends the duel early: every child is ended, and what was measured is returned. */
  readonly signal: AbortSignal;
  /** Told before each round of a case, while nobody works. */
  readonly onProgress: (progress: Progress) => void;
}

/** A case under way. */
interface Bout extends CaseOutcome {
  readonly at: number;
  /** Jobs per sample, by policy: what the first round's warm-up found, so that rounds are alike. */
  readonly batches: Map<string, number>;
  opened: OpenedFixture | null;
}

export async function duel(
  plan: Plan,
  { signal, onProgress }: DuelOptions,
): Promise<CaseOutcome[]> {
  const arena: Arena = { plan, signal, children: new Set<Child>() };
  const endAll = (): void => {
    for (const child of arena.children) child.kill();
  };
  signal.addEventListener('abort', endAll);
  const bouts = await makeBouts(plan);
  try {
    for (let round = 0; round < plan.effort.rounds; round++) {
      for (const bout of bouts) {
        if (signal.aborted) return settle(bouts, arena);
        const { workload, params, at } = bout;
        const total = plan.effort.rounds * bouts.length;
        const done = round * bouts.length + at;
        onProgress({ workload: workload.name, params, round, done, total });
        await runRound(arena, bout, round);
      }
    }
    return settle(bouts, arena);
  } finally {
    for (const bout of bouts) bout.load = (await bout.opened?.close()) ?? null;
    endAll();
    await Promise.all([...arena.children].map((child) => child.gone));
    signal.removeEventListener('abort', endAll);
  }
}

async function makeBouts(plan: Plan): Promise<Bout[]> {
  const available = await Promise.all(plan.policies.map((policy) => policy.probe()));
  return plan.cases.map(({ workload, params }, at) => {
    const contestants = plan.policies.map(({ name }, i): ContestantOutcome => {
      const found = available[i];
      const rest = { policy: name, digest: null, rounds: [] };
      return found === undefined || found.ok
        ? { ...rest, status: 'ok', reason: null }
        : { ...rest, status: 'unavailable', reason: `${found.reason}: ${found.remedy}` };
    });
    return { workload, params, contestants, at, batches: new Map(), opened: null, load: null };
  });
}

async function runRound(arena: Arena, bout: Bout, round: number): Promise<void> {
  const { plan, signal } = arena;
  const able = bout.contestants.filter(({ status }) => status === 'ok');
  if (able.length === 0) return;
  const names = able.map(({ policy }) => policy);
  const order = orderOf(plan, names, round, bout.at);
  const entrants = new Map<string, Entrant>();
  const racing = (): Entrant[] => [...entrants.values()].filter((entrant) => entrant.able);
  try {
    bout.opened ??= await openFixture(arena, bout.workload, bout.params);
    const { facts } = bout.opened;
    for (const [position, policy] of order.start.entries()) {
      const contestant = able[names.indexOf(policy)] as ContestantOutcome;
      const entrant = new Entrant(arena, contestant, round, position);
      entrants.set(policy, entrant);
      await entrant.open({ workload: bout.workload.name, params: bout.params, facts });
    }
    if (!signal.aborted) compareDigests(plan, racing());
    for (const entrant of racing()) await entrant.warm();
    for (const { contestant, warmed } of racing()) {
      const { policy } = contestant;
      if (warmed === null || bout.batches.has(policy)) continue;
      bout.batches.set(policy, Math.max(1, Math.ceil(warmed.jobsPerMs * plan.effort.sampleMs)));
    }
    for (const [turn, row] of order.turns.entries()) {
      for (const name of row) await entrants.get(name)?.slice(turn, bout.batches.get(name) ?? 1);
    }
    for (const entrant of racing()) {
      await entrant.close(bout.batches.get(entrant.contestant.policy) ?? 1);
    }
  } catch (error) {
    // Not one contestant's failure: the case as a whole cannot be measured.
    if (!signal.aborted) for (const contestant of able) fail(contestant, error);
  } finally {
    for (const entrant of entrants.values()) await entrant.end();
  }
}

/** The reference's digest is right; without it, the one that most have. */
function compareDigests(plan: Plan, entrants: readonly Entrant[]): void {
  const count = (digest: string): number => entrants.filter((e) => e.digest === digest).length;
  const reference = entrants.find(({ contestant }) => contestant.policy === plan.reference);
  const judge = reference ?? entrants.toSorted((a, b) => count(b.digest) - count(a.digest))[0];
  for (const { contestant, digest } of entrants) {
    if (judge === undefined || digest === judge.digest) continue;
    const whose = `${judge.contestant.policy}'s ${judge.digest}`;
    fail(contestant, new Error(`did other work: its digest ${digest} differs from ${whose}`));
  }
}

/** Says of what an interruption cut short that it did. */
function settle(bouts: readonly Bout[], { plan, signal }: Arena): CaseOutcome[] {
  const { rounds } = plan.effort;
  for (const contestant of signal.aborted ? bouts.flatMap((bout) => bout.contestants) : []) {
    if (contestant.status !== 'ok' || contestant.rounds.length === rounds) continue;
    contestant.status = 'aborted';
    contestant.reason = `interrupted after ${contestant.rounds.length} of ${rounds} rounds`;
  }
  return [...bouts];
}
