/**
 * Measures the highest rate of an open loop that each policy holds.
 *
 *   round    a fresh process of each policy, warmed up
 *   step     each policy in turn: jobs arrive at its bracket's middle; did the percentile hold?   × STEPS
 *            ▶ one limit per policy and round
 *
 * The policies take turns step by step, so that a slow minute of the machine affects all of them. Rounds repeat until
 * the budget is spent; the interval is over rounds, as everywhere.
 */
import { childrenUntil } from '../../harness/children.js';
import {
  ContestantRun,
  outcomeOf,
  type RunContext,
  type ContestantOutcome,
} from '../../harness/contestant-run.js';
import { openFixture, type OpenedFixture } from '../../harness/fixture.js';
import type { Plan, PlannedCase } from '../../harness/plan.js';
import { withRound } from '../../harness/round.js';
import { isWide } from '../../harness/turns.js';
import type { ArrivalKind } from '../../workload/open-loop.js';
import type { Facts } from '../../workload/workload.js';
import type { Measuring } from '../study.js';
import { bracketAbout, limitOf, narrowed, nextRate, type Bracket } from './search.js';
import { holds, jobsFor, type Slo } from './slo.js';

export interface CapacityOptions extends Measuring {
  readonly slo: Slo;
  readonly arrivals: ArrivalKind;
  readonly budgetMs: number;
}

export interface PolicyLimits {
  readonly policy: string;
  readonly status: ContestantOutcome['status'];
  readonly reason: string | null;
  /** The limit in jobs per second, one for each round; null if no rate that was tried held. */
  readonly limits: (number | null)[];
  /** The rate of the warm-up's closed loop in jobs per second, by round. */
  readonly closed: number[];
}

const STEPS = 8;
/**
 * The shortest probe, in ms. It must be long enough for the percentile, and for a queue to show: with 5% too many jobs
 * per second, the queue reaches the bound after twenty times the bound.
 */
const LEAST_PROBE_MS = 300;
const MOST_PROBE_MS = 3000;
const TIMES_THE_BOUND = 20;
const LEAST_ROUNDS = 2;

/** `plan` has exactly one case. */
export async function measureCapacity(
  plan: Plan,
  options: CapacityOptions,
): Promise<PolicyLimits[]> {
  const { signal, budgetMs, onProgress } = options;
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
  const context: RunContext = { plan, signal, children, parent: { cpuUs: 0, sliceUs: 0 } };
  const learned = new Map<string, number>();
  const began = performance.now();
  let fixture: OpenedFixture | null = null;
  try {
    fixture = await openFixture(context, planned.workload, planned.params);
    for (let round = 0; !signal.aborted; round++) {
      const elapsedMs = performance.now() - began;
      const perRoundMs = round === 0 ? 0 : elapsedMs / round;
      if (round >= LEAST_ROUNDS && elapsedMs + perRoundMs > budgetMs) break;
      const able = found.filter(({ outcome }) => outcome.status === 'ok');
      if (able.length === 0) break;
      const { workload, params } = planned;
      const leftMs = Math.max(0, budgetMs - elapsedMs);
      onProgress({ workload: workload.name, params, round, elapsedMs, leftMs });
      await roundOf(context, planned, fixture.facts, able, round, learned, options);
    }
  } finally {
    try {
      await fixture?.close();
    } finally {
      await end();
    }
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
  context: RunContext,
  { workload, params }: PlannedCase,
  facts: Facts,
  able: readonly Found[],
  round: number,
  learned: Map<string, number>,
  options: CapacityOptions,
): Promise<void> {
  const { plan, signal } = context;
  const contestants = able.map(({ outcome }) => outcome);
  const setup = { workload, params, facts, contestants, round, at: 0, learned };
  await withRound(context, setup, async (runs) => {
    for (const run of runs) {
      const gauged = await run.gauge();
      if (gauged !== null && !isWide(gauged.needs)) await run.pin();
    }
    const searches = runs.map((run): Search => {
      const found = able.find(({ outcome }) => outcome === run.outcome) as Found;
      const perSecond = (run.gauged?.jobsPerMs ?? 0) * 1000;
      return { run, found, perSecond, bracket: bracketAbout(perSecond) };
    });
    for (const run of runs) await run.reset();
    await searchAll(searches, options, plan.seed + 131 * round);
    for (const { run, found, bracket, perSecond } of searches) {
      if (signal.aborted || !run.able) continue;
      await run.close(1, 1);
      if (!run.able) continue;
      found.limits.push(limitOf(bracket));
      found.closed.push(perSecond);
    }
  });
}

interface Search {
  readonly run: ContestantRun;
  readonly found: Found;
  /** The rate of the closed loop, in jobs per second. */
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
      if (!search.run.able || search.perSecond === 0) continue;
      const perSecond = nextRate(search.bracket);
      const wantedMs = (jobsFor(slo) * 1000) / perSecond;
      const ms = Math.min(
        MOST_PROBE_MS,
        Math.max(LEAST_PROBE_MS, slo.ms * TIMES_THE_BOUND, wantedMs),
      );
      const answer = await search.run.probe(ms, { perSecond, arrivals, seed: seed + step });
      if (answer?.offered === undefined) continue;
      search.bracket = narrowed(search.bracket, perSecond, holds(slo, answer.offered.latency));
    }
  }
}
