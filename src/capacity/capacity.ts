/**
 * The highest rate of an open loop that each policy holds.
 *
 *   round    a fresh process of each policy, warmed up
 *   step     each in turn: jobs arrive at its bracket's middle; did the percentile hold?   × STEPS
 *            ▶ one limit per policy and round
 *
 * The policies take turns step by step, so that a slow minute of the machine is everybody's. Rounds repeat
 * until the budget is spent; the interval is over rounds, as everywhere.
 */
import { performance } from 'node:perf_hooks';
import type { Child } from '../duel/child.js';
import { Entrant, type Arena, type ContestantOutcome } from '../duel/entrant.js';
import { openFixture } from '../duel/fixture.js';
import { orderOf, type Plan } from '../duel/plan.js';
import type { ArrivalKind } from '../workload/open-loop.js';
import { bracketAbout, limitOf, narrowed, nextRate, type Bracket } from './search.js';
import { holds, jobsFor, type Slo } from './slo.js';

export interface CapacityOptions {
  readonly slo: Slo;
  readonly arrivals: ArrivalKind;
  readonly budgetMs: number;
  readonly signal: AbortSignal;
  readonly onRound: (round: number, elapsedMs: number) => void;
}

export interface PolicyLimits {
  readonly policy: string;
  readonly status: ContestantOutcome['status'];
  readonly reason: string | null;
  /** Jobs a second, one for each round; null where none that was tried held. */
  readonly limits: (number | null)[];
  /** What the warm-up's closed loop did, in jobs a second, by round. */
  readonly closed: number[];
}

const STEPS = 8;
/**
 * A probe is long enough for the percentile, and for a queue to show: at 5% too many a second it has grown to
 * the bound after twenty times the bound.
 */
const LEAST_PROBE_MS = 300;
const MOST_PROBE_MS = 3000;
const TIMES_THE_BOUND = 20;
const LEAST_ROUNDS = 2;

/** `plan` has one case. */
export async function capacity(plan: Plan, options: CapacityOptions): Promise<PolicyLimits[]> {
  const { signal, budgetMs, onRound } = options;
  const [planned] = plan.cases;
  if (planned === undefined) return [];
  const arena: Arena = {
    plan,
    signal,
    children: new Set<Child>(),
    parent: { cpuUs: 0, sliceUs: 0 },
  };
  const endAll = (): void => {
    for (const child of arena.children) child.kill();
  };
  signal.addEventListener('abort', endAll);
  const outcomes = await Promise.all(
    planned.contestants.map(async (contestant): Promise<ContestantOutcome> => {
      const found = await contestant.probe();
      return {
        contestant,
        status: found.ok ? 'ok' : 'unavailable',
        reason: found.ok ? null : `${found.reason}: ${found.remedy}`,
        otherWork: false,
        digest: null,
        rounds: [],
        served: { jobs: 0, cpuUs: 0 },
      };
    }),
  );
  const limits = new Map(outcomes.map((outcome) => [outcome, [] as (number | null)[]]));
  const closed = new Map(outcomes.map((outcome) => [outcome, [] as number[]]));
  const began = performance.now();
  const fixture = await openFixture(arena, planned.workload, planned.params);
  try {
    for (let round = 0; !signal.aborted; round++) {
      const elapsedMs = performance.now() - began;
      const perRoundMs = round === 0 ? 0 : elapsedMs / round;
      if (round >= LEAST_ROUNDS && elapsedMs + perRoundMs > budgetMs) break;
      const able = outcomes.filter(({ status }) => status === 'ok');
      if (able.length === 0) break;
      onRound(round, elapsedMs);
      const names = able.map(({ contestant }) => contestant.name);
      const { start } = orderOf(plan, names, round, 0);
      const searches: Search[] = [];
      for (const [position, name] of start.entries()) {
        const outcome = able[names.indexOf(name)] as ContestantOutcome;
        const entrant = new Entrant(arena, outcome, round, { position, alone: true });
        const { workload, params } = planned;
        await entrant.open({ workload: workload.name, params, facts: fixture.facts });
        if (entrant.able) await entrant.warm();
        const perSecond = (entrant.warmed?.jobsPerMs ?? 0) * 1000;
        searches.push({ entrant, outcome, perSecond, bracket: bracketAbout(perSecond) });
      }
      await searchAll(searches, options, plan.seed + 131 * round);
      for (const { entrant, outcome, bracket, perSecond } of searches) {
        if (entrant.able && !signal.aborted) {
          await entrant.close(1);
          if (entrant.able) {
            limits.get(outcome)?.push(limitOf(bracket));
            closed.get(outcome)?.push(perSecond);
          }
        }
        await entrant.end();
      }
    }
  } finally {
    endAll();
    await Promise.all([...arena.children].map((child) => child.gone));
    await fixture.close();
    signal.removeEventListener('abort', endAll);
  }
  return outcomes.map((outcome) => ({
    policy: outcome.contestant.name,
    status: outcome.status,
    reason: outcome.reason,
    limits: limits.get(outcome) ?? [],
    closed: closed.get(outcome) ?? [],
  }));
}

interface Search {
  readonly entrant: Entrant;
  readonly outcome: ContestantOutcome;
  /** Of the closed loop. */
  readonly perSecond: number;
  bracket: Bracket;
}

async function searchAll(
  searches: readonly Search[],
  { slo, arrivals, signal }: CapacityOptions,
  seed: number,
): Promise<void> {
  for (let step = 0; step < STEPS && !signal.aborted; step++) {
    for (const search of searches) {
      if (!search.entrant.able || search.perSecond === 0) continue;
      const perSecond = nextRate(search.bracket);
      const wantedMs = (jobsFor(slo) * 1000) / perSecond;
      const ms = Math.min(
        MOST_PROBE_MS,
        Math.max(LEAST_PROBE_MS, slo.ms * TIMES_THE_BOUND, wantedMs),
      );
      const answer = await search.entrant.probe(ms, { perSecond, arrivals, seed: seed + step });
      if (answer?.offered === undefined) continue;
      search.bracket = narrowed(search.bracket, perSecond, holds(slo, answer.offered.latency));
    }
  }
}
