/**
 * One case under way, and how a round of it goes (see `round.ts` for its processes):
 *
 *   turn 0: A B D C   a slice each, some 16 ms or longer, the others silent; D, which works on several cores, has one
 *   turn 1: B C A     long turn in each block
 *   …                 balanced orders (see order.ts)
 *                     ▶ one observation per contestant
 *
 * How long a turn is follows from how they work alone, how many a round has from the first rounds: `turns.ts`.
 */
import type { Found } from '../config/program.js';
import { sum } from '../stats/moments.js';
import { blockLogs, logRates, ratiosTo } from '../documents/observations.js';
import type { FixtureLoad, Params, Workload } from '../workload/workload.js';
import {
  fail,
  outcomeOf,
  type ContestantOutcome,
  type ContestantRun,
  type RunContext,
} from './contestant-run.js';
import { batchesFor } from './batches.js';
import { openFixture, type OpenedFixture } from './fixture.js';
import type { CaseState } from './next-round.js';
import { guessedRoundMs, turnOrder, type PlannedCase } from './plan.js';
import { withRound } from './round.js';
import { blocksFor, firstBlocks, isWide, turnsFor, type TurnShape, type Turns } from './turns.js';

export interface CaseOutcome {
  readonly workload: Workload;
  readonly params: Params;
  readonly contestants: readonly ContestantOutcome[];
  /** How busy the fixture was, where there was one and it could say. */
  readonly load: FixtureLoad | null;
  /** Ms of further rounds until its ratios are as narrow as was asked for; 0 when they are. */
  readonly moreMs: number;
}

/** A case under way, as the run sees it. */
export interface MeasuredCase extends CaseOutcome {
  moreMs: number;
  readonly rounds: number;
  readonly state: CaseState;
  round(): Promise<void>;
  close(): Promise<void>;
}

/** What later rounds take of the first one's time beside its turns. */
const LATER = 0.6;

export class CaseRun implements MeasuredCase {
  readonly workload: Workload;
  readonly params: Params;
  readonly contestants: readonly ContestantOutcome[];
  load: FixtureLoad | null = null;
  moreMs = 0;
  /** Rounds done. */
  rounds = 0;
  private readonly context: RunContext;
  private readonly at: number;
  /** By contestant: jobs that warm it up, and jobs of a sample. */
  private readonly learned = new Map<string, number>();
  private batches: ReadonlyMap<string, number> = new Map();
  /** Jobs that are counted when it closes. */
  private counts: ReadonlyMap<string, number> = new Map();
  private fixture: OpenedFixture | null = null;
  private busyUs = 0;
  /** Null until the contestants are gauged. */
  private turns: Turns | null = null;
  /** Those that work on several cores, by name. */
  private readonly wide = new Set<string>();
  private roundMs: number;
  /** When its last round began. */
  private began = 0;
  /** Ms of the last round in which it took turns. */
  private turnsMs = 0;
  /** The number of blocks wanted in a round. Balancing the orders may add some. */
  private blocks = 0;
  /** Blocks that the last round had. */
  private had = 0;

  constructor(
    context: RunContext,
    at: number,
    { workload, params, contestants }: PlannedCase,
    found: readonly Found[],
  ) {
    this.context = context;
    this.at = at;
    this.workload = workload;
    this.params = params;
    this.contestants = contestants.map((contestant, i) => outcomeOf(contestant, found[i] as Found));
    this.roundMs = guessedRoundMs(context.plan, this.able.length, workload.kind);
  }

  get state(): CaseState {
    const { reference } = this.context.plan;
    const standard = this.able.find(({ contestant: { name } }) => name === reference);
    const others = this.able.filter((outcome) => outcome !== standard);
    return {
      rounds: this.rounds,
      roundMs: this.roundMs,
      observations:
        standard === undefined || others.length === 0
          ? this.able.map(({ rounds }) => logRates(rounds))
          : others.map(({ rounds }) => ratiosTo(standard.rounds, rounds)),
      over: this.able.length === 0,
    };
  }

  async round(): Promise<void> {
    const { context, workload, params, rounds: round, at, learned } = this;
    const contestants = this.able;
    this.began = performance.now();
    try {
      this.fixture ??= await openFixture(context, workload, params);
      const { facts } = this.fixture;
      await context.beside?.start({ workload, params, facts, round });
      const setup = { workload, params, facts, contestants, round, at, learned };
      await withRound(context, setup, (runs) => this.takeTurns(runs));
    } catch (error) {
      // Not one contestant's failure: the case as a whole cannot be measured.
      if (!context.signal.aborted) for (const outcome of contestants) fail(outcome, error);
    } finally {
      await context.beside?.end();
      const ms = performance.now() - this.began;
      // The first round starts one process at a time, and learns how much warm-up is enough.
      this.roundMs = this.rounds++ === 0 ? this.turnsMs + (ms - this.turnsMs) * LATER : ms;
      this.adapt();
    }
  }

  async close(): Promise<void> {
    const load = (await this.fixture?.close()) ?? driversLoad(this.contestants);
    this.load = load && { ...load, ...atItsBest(load, this.contestants) };
  }

  private async takeTurns(runs: readonly ContestantRun[]): Promise<void> {
    const { context, rounds: round, at } = this;
    this.turns ??= await this.gauge(runs);
    // Only before the first round: later ones go by what was measured.
    if (this.blocks === 0) this.blocks = this.blocksAtFirst(this.turns, runs);
    const { turnMs, perBlock } = this.turns;
    const { leadMs } = context.plan.round;
    const lead = leadMs === undefined ? {} : { leadMs };
    const narrow = { ms: turnMs, ...lead };
    const wide = { ...this.turns.wide, ...lead };
    for (const run of runs) if (!this.wide.has(run.name)) await run.pin();
    await this.pause(runs);
    for (const run of runs) await run.reset();
    const names = runs.map(({ name }) => name);
    await this.fixtureBusyUs();
    const began = performance.now();
    const rows = turnOrder(context.plan, names, round, at, this.blocks * perBlock);
    this.had = rows.length / perBlock;
    for (const [turn, row] of rows.entries()) {
      const first = turn % perBlock === 0;
      if (turn > 0 && first) await this.pause(runs);
      for (const name of row) {
        const run = runs.find((each) => each.name === name);
        const shape = this.wide.has(name) ? wide : narrow;
        if (run === undefined || (shape === wide && !first)) continue;
        await this.turn(run, turn, shape);
      }
    }
    await this.pause(runs);
    this.turnsMs = performance.now() - began;
    for (const run of runs) {
      const [batch, count] = [this.batches.get(run.name) ?? 1, this.counts.get(run.name) ?? 0];
      await run.close(batch, perBlock, count);
    }
  }

  /** Before its first turns: how long one is, how many there are, and of how many jobs a sample is. */
  private async gauge(runs: readonly ContestantRun[]): Promise<Turns> {
    const { sampleMs, countMs, alike, ...given } = this.context.plan.round;
    const gauged = [];
    for (const run of runs) {
      const found = await run.gauge();
      const { name, concurrency, cycle } = run;
      if (found === null) continue;
      gauged.push({ name, concurrency, cycle, ...found });
      if (isWide(found.needs)) this.wide.add(name);
    }
    const needs = gauged.map((each) => each.needs);
    const turns = turnsFor(needs, given);
    this.batches = batchesFor(gauged, { sampleMs, turnMs: turns.turnMs, alike });
    if (countMs > 0) {
      this.counts = batchesFor(gauged, { sampleMs: countMs, turnMs: Infinity, alike });
    }
    return turns;
  }

  private blocksAtFirst({ blockMs, wide }: Turns, runs: readonly ContestantRun[]): number {
    const blocksMs = sum(runs, ({ name }) => (this.wide.has(name) ? wide.ms : blockMs));
    const { round, effort, cases } = this.context.plan;
    const processMs = performance.now() - this.began;
    const budgetMs = 'budgetMs' in effort ? effort.budgetMs : Infinity;
    const roomMs = budgetMs / cases.length / round.roomFor - processMs;
    return round.blocks ?? firstBlocks({ processMs, blockMs: blocksMs }, runs.length, roomMs);
  }

  /**
   * Between blocks. What the fixture does then is for nobody in the case; and contestants that were silent for longer
   * than in any run work a little, before it counts again.
   */
  private async pause(runs: readonly ContestantRun[]): Promise<void> {
    const { beside } = this.context;
    if (beside === undefined) return;
    await beside.turn();
    for (const run of runs) await run.wake();
    await this.fixtureBusyUs();
  }

  private async turn(run: ContestantRun, turn: number, shape: TurnShape): Promise<void> {
    const jobs = await run.slice(turn, { ...shape, batch: this.batches.get(run.name) ?? 1 });
    if (run.outcome.contestant.drives === true) return;
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
    if (plan.round.blocks !== null || this.turnsMs === 0) return;
    const { able } = this;
    const standard = able.find(({ contestant: { name } }) => name === plan.reference);
    const logs = able
      .filter((outcome) => outcome !== standard)
      .map(({ rounds }) => blockLogs(rounds, standard?.rounds ?? null));
    const costs = {
      processMs: this.roundMs - this.turnsMs,
      blockMs: this.turnsMs / this.had,
    };
    this.blocks = blocksFor(logs, costs) ?? this.blocks;
    this.roundMs = costs.processMs + this.blocks * costs.blockMs;
  }

  private get able(): ContestantOutcome[] {
    return this.contestants.filter(({ status }) => status === 'ok');
  }
}

/** The drivers of a case are alike, and each is what its program waits for. */
function driversLoad(contestants: readonly ContestantOutcome[]): FixtureLoad | null {
  const drives = contestants.some(({ contestant }) => contestant.drives === true);
  return drives
    ? { engine: 'node', unit: 'requests', perJob: 1, handled: 0, cpuUs: 0 } // see `atItsBest`
    : null;
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
