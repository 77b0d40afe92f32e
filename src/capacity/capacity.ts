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
import { childrenUntil } from '../duel/children.js';
import { Entrant, outcomeOf, type Arena, type ContestantOutcome } from '../duel/entrant.js';
import { openFixture } from '../duel/fixture.js';
import { orderOf, type Plan, type PlannedCase } from '../duel/plan.js';
import type { ArrivalKind } from '../workload/open-loop.js';
import type { Facts } from '../workload/workload.js';
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
  const found = await Promise.all(
    planned.contestants.map(async (contestant) => ({
      outcome: outcomeOf(contestant, await contestant.find()),
      limits: [] as (number | null)[],
      closed: [] as number[],
    })),
  );
  const { children, end } = childrenUntil(signal);
  const arena: Arena = { plan, signal, children, parent: { cpuUs: 0, sliceUs: 0 } };
  const began = performance.now();
  const fixture = await openFixture(arena, planned.workload, planned.params);
  try {
    for (let round = 0; !signal.aborted; round++) {
      const elapsedMs = performance.now() - began;
      const perRoundMs = round === 0 ? 0 : elapsedMs / round;
      if (round >= LEAST_ROUNDS && elapsedMs + perRoundMs > budgetMs) break;
      const able = found.filter(({ outcome }) => outcome.status === 'ok');
      if (able.length === 0) break;
      onRound(round, elapsedMs);
      await roundOf(arena, planned, fixture.facts, able, round, options);
    }
  } finally {
    await fixture.close();
    await end();
  }
  return found.map(({ outcome: { contestant, status, reason }, ...own }) => ({
    policy: contestant.name,
    status,
    reason,
    ...own,
  }));
}

/** A policy's outcome, and what its rounds have found. */
interface Found extends Pick<PolicyLimits, 'limits' | 'closed'> {
  readonly outcome: ContestantOutcome;
}

async function roundOf(
  arena: Arena,
  { workload, params }: PlannedCase,
  facts: Facts,
  able: readonly Found[],
  round: number,
  options: CapacityOptions,
): Promise<void> {
  const { plan, signal } = arena;
  const names = able.map(({ outcome }) => outcome.contestant.name);
  const searches: Search[] = [];
  try {
    for (const [position, name] of orderOf(plan, names, round, 0).start.entries()) {
      const found = able[names.indexOf(name)] as Found;
      const entrant = new Entrant(arena, found.outcome, round, { position, alone: true });
      const search = { entrant, found, perSecond: 0, bracket: bracketAbout(0) };
      searches.push(search);
      await entrant.open(workload, { params, seed: plan.seed, facts });
      if (entrant.able) await entrant.warm();
      search.perSecond = (entrant.warmed?.jobsPerMs ?? 0) * 1000;
      search.bracket = bracketAbout(search.perSecond);
    }
    await searchAll(searches, options, plan.seed + 131 * round);
    for (const { entrant, found, bracket, perSecond } of searches) {
      if (signal.aborted || !entrant.able) continue;
      await entrant.close(1);
      if (!entrant.able) continue;
      found.limits.push(limitOf(bracket));
      found.closed.push(perSecond);
    }
  } finally {
    for (const { entrant } of searches) await entrant.end();
  }
}

interface Search {
  readonly entrant: Entrant;
  readonly found: Found;
  /** Of the closed loop. */
  perSecond: number;
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
