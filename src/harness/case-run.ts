/**
 * One case under way, and how a round of it goes (see `round.ts` for its processes):
 *
 *   turn 0: A B D C   a slice each, some 50 ms, the others silent
 *   turn 1: B C A D   balanced orders (see order.ts)
 *   …                 ▶ one observation per contestant
 *
 * How long a turn is follows from the first warm-up, how many a round has from the first rounds: `turns.ts`.
 */
import type { Found } from '../config/program.js';
import { logRatios, ratesOf, turnLogs } from '../documents/observations.js';
import type { FixtureLoad, Params, Workload } from '../workload/workload.js';
import {
  fail,
  outcomeOf,
  type ContestantOutcome,
  type ContestantRun,
  type RunContext,
} from './contestant-run.js';
import { openFixture, type OpenedFixture } from './fixture.js';
import type { CaseState } from './next-round.js';
import { guessedRoundMs, turnOrder, type PlannedCase } from './plan.js';
import { balancedTurns } from './order.js';
import { withRound } from './round.js';
import { firstTurns, turnMsFor, turnsFor } from './turns.js';

export interface CaseOutcome {
  readonly workload: Workload;
  readonly params: Params;
  readonly contestants: readonly ContestantOutcome[];
  /** How busy the fixture was, where there was one and it could say. */
  readonly load: FixtureLoad | null;
  /** Ms of further rounds until its ratios are as narrow as was asked for; 0 when they are. */
  readonly moreMs: number;
}

/** Whole cycles of inputs that a turn has room for, at least. */
const FEWEST_SAMPLES = 4;

/** What later rounds take of the first one's time beside its turns. */
const LATER = 0.6;

export class CaseRun implements CaseOutcome {
  readonly workload: Workload;
  readonly params: Params;
  readonly contestants: readonly ContestantOutcome[];
  load: FixtureLoad | null = null;
  moreMs = 0;
  /** Rounds done. */
  rounds = 0;
  private readonly context: RunContext;
  private readonly at: number;
  /** By contestant: jobs that warm it up, and jobs of a sample. The first round finds both. */
  private readonly learned = new Map<string, number>();
  private readonly batches = new Map<string, number>();
  private fixture: OpenedFixture | null = null;
  private busyUs = 0;
  /** Ms of a turn; null until the first warm-up says. */
  private turnMs: number | null;
  private roundMs: number;
  /** Ms of the last round in which it took turns. */
  private turnsMs = 0;
  /** Of a round, before its orders are balanced. */
  private turns: number;
  /** Turns that the last round had. */
  private turned = 0;

  constructor(
    context: RunContext,
    at: number,
    { workload, params, contestants }: PlannedCase,
    found: readonly Found[],
  ) {
    const { round } = context.plan;
    this.context = context;
    this.at = at;
    this.workload = workload;
    this.params = params;
    this.contestants = contestants.map((contestant, i) => outcomeOf(contestant, found[i] as Found));
    this.turnMs = round.turnMs;
    this.turns = round.turns;
    this.roundMs = guessedRoundMs(context.plan, this.able.length);
  }

  get state(): CaseState {
    const { reference } = this.context.plan;
    const standard = this.able.find(({ contestant: { name } }) => name === reference);
    const others = this.able.filter((outcome) => outcome !== standard);
    return {
      kind: this.workload.kind,
      rounds: this.rounds,
      roundMs: this.roundMs,
      observations:
        standard === undefined || others.length === 0
          ? this.able.map(({ rounds }) => ratesOf(rounds).map(Math.log))
          : others.map(({ rounds }) => logRatios(rounds, standard.rounds)),
      over: this.able.length === 0,
    };
  }

  async round(): Promise<void> {
    const { context, workload, params, rounds: round, at, learned } = this;
    const contestants = this.able;
    const began = performance.now();
    try {
      this.fixture ??= await openFixture(context, workload, params);
      const { facts } = this.fixture;
      const setup = { workload, params, facts, contestants, round, at, learned };
      await withRound(context, setup, (runs) => this.takeTurns(runs));
    } catch (error) {
      // Not one contestant's failure: the case as a whole cannot be measured.
      if (!context.signal.aborted) for (const outcome of contestants) fail(outcome, error);
    } finally {
      const ms = performance.now() - began;
      // The first round starts one process at a time, and learns how much warm-up is enough.
      this.roundMs = this.rounds++ === 0 ? this.turnsMs + (ms - this.turnsMs) * LATER : ms;
      this.adapt();
    }
  }

  async close(): Promise<void> {
    const load = (await this.fixture?.close()) ?? null;
    this.load = load && { ...load, ...atItsBest(load, this.contestants) };
  }

  private async takeTurns(runs: readonly ContestantRun[]): Promise<void> {
    const { context, batches, rounds: round, at } = this;
    const turnMs = this.turnMsOf(runs);
    for (const run of runs) this.calibrate(run, turnMs);
    for (const run of runs) await run.reset();
    const names = runs.map(({ name }) => name);
    await this.fixtureBusyUs();
    const began = performance.now();
    const rows = turnOrder(context.plan, names, round, at, this.turns);
    this.turned = rows.length;
    for (const [turn, row] of rows.entries()) {
      for (const name of row) {
        const run = runs.find((each) => each.name === name);
        if (run !== undefined) await this.turn(run, turn, turnMs);
      }
    }
    this.turnsMs = performance.now() - began;
    for (const run of runs) await run.close(batches.get(run.name) ?? 1);
  }

  private turnMsOf(runs: readonly ContestantRun[]): number {
    if (this.turnMs === null) {
      this.turnMs = turnMsFor(runs.flatMap(({ warmed }) => warmed?.needs ?? []));
      if (this.context.plan.round.adapts) this.turns = firstTurns(this.turnMs);
    }
    return this.turnMs;
  }

  private async turn(run: ContestantRun, turn: number, turnMs: number): Promise<void> {
    const jobs = await run.slice(turn, turnMs, this.batches.get(run.name) ?? 1);
    const { served } = run.outcome;
    served.jobs += jobs;
    served.cpuUs += await this.fixtureBusyUs();
  }

  /** CPU time that the fixture was busy since this was last asked. */
  private async fixtureBusyUs(): Promise<number> {
    const before = this.busyUs;
    this.busyUs = (await this.fixture?.busyUs()) ?? 0;
    return this.busyUs - before;
  }

  /** From the second round on. */
  private adapt(): void {
    const { plan } = this.context;
    if (!plan.round.adapts || this.turnsMs === 0) return;
    const { able } = this;
    const standard = able.find(({ contestant: { name } }) => name === plan.reference);
    const logs = able
      .filter((outcome) => outcome !== standard)
      .map(({ rounds }) => turnLogs(rounds, standard?.rounds ?? null));
    const costs = {
      processMs: this.roundMs - this.turnsMs,
      turnMs: this.turnsMs / this.turned,
    };
    this.turns = turnsFor(logs, costs) ?? this.turns;
    this.roundMs = costs.processMs + balancedTurns(this.turns, able.length) * costs.turnMs;
  }

  private get able(): ContestantOutcome[] {
    return this.contestants.filter(({ status }) => status === 'ok');
  }

  /**
   * A sample waits for so many jobs as take about `sampleMs`, and never for fewer than are in flight:
   * lanes that began together end together, and a sample that ended with the first of them would
   * have the time of all and the count of one. Where inputs differ, it has whole cycles of them, unless
   * one would fill much of a turn: else the fast samples of a turn are those of the cheap inputs.
   * Builds of one policy have the same.
   */
  private calibrate({ name, warmed, concurrency, cycle }: ContestantRun, turnMs: number): void {
    const { sampleMs, alike } = this.context.plan.round;
    if (warmed === null || this.batches.has(name)) return;
    const [first] = this.batches.values();
    if (alike && first !== undefined) return void this.batches.set(name, first);
    const { jobsPerMs } = warmed;
    const jobs = Math.max(concurrency, Math.ceil(jobsPerMs * sampleMs));
    const whole = Math.max(Math.round(jobs / cycle), Math.ceil(concurrency / cycle)) * cycle;
    this.batches.set(name, whole <= (jobsPerMs * turnMs) / FEWEST_SAMPLES ? whole : jobs);
  }
}

/**
 * A fixture that is asked seldom wakes up for each request, and a busy one has some at once: what it can do
 * is told by the contestant under which it spent least on each, not by all of them together.
 */
function atItsBest(
  { handled, cpuUs, perJob }: FixtureLoad,
  contestants: readonly ContestantOutcome[],
): Pick<FixtureLoad, 'handled' | 'cpuUs'> {
  const [best] = contestants
    .map(({ served }) => ({ handled: served.jobs * perJob, cpuUs: served.cpuUs }))
    .filter((each) => each.handled > 0 && each.cpuUs > 0)
    .toSorted((a, b) => b.handled / b.cpuUs - a.handled / a.cpuUs);
  return best ?? { handled, cpuUs };
}
