/**
 * One case under way, and how a round of it goes:
 *
 *   start: A B C D    each a fresh process: open, verify, warm up
 *   turn 0: A B D C   a slice each, some 16 ms, the others silent
 *   turn 1: B C A D   balanced orders (see order.ts)
 *   …                 ▶ one observation per contestant
 */
import { logRatios, ratesOf } from '../documents/observations.js';
import type { FixtureLoad, Params, Workload } from '../workload/workload.js';
import {
  ContestantRun,
  OtherWorkError,
  fail,
  outcomeOf,
  type RunContext,
  type ContestantOutcome,
} from './contestant-run.js';
import { openFixture, type OpenedFixture } from './fixture.js';
import type { CaseState } from './next-round.js';
import type { Found } from '../config/program.js';
import { orderOf, type Plan, type PlannedCase } from './plan.js';

export interface CaseOutcome {
  readonly workload: Workload;
  readonly params: Params;
  readonly contestants: readonly ContestantOutcome[];
  /** How busy the fixture was, where there was one and it could say. */
  readonly load: FixtureLoad | null;
}

/** Of whole cycles in a slice. */
const FEWEST_SAMPLES = 4;

/** Ms to start a process and have a first job done, before it is known. */
const GUESSED_START_MS = 150;

export class CaseRun implements CaseOutcome {
  readonly workload: Workload;
  readonly params: Params;
  readonly contestants: readonly ContestantOutcome[];
  load: FixtureLoad | null = null;
  /** Rounds done. */
  rounds = 0;
  private readonly context: RunContext;
  private readonly at: number;
  /** Jobs per sample, by policy: what the first round's warm-up found, so that rounds are alike. */
  private readonly batches = new Map<string, number>();
  private fixture: OpenedFixture | null = null;
  private roundMs: number;

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
    this.roundMs = guessedRoundMs(context.plan, this.able.length);
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
          ? this.able.map(({ rounds }) => ratesOf(rounds).map(Math.log))
          : others.map(({ rounds }) => logRatios(rounds, standard.rounds)),
      over: this.able.length === 0,
    };
  }

  async round(): Promise<void> {
    const { plan, signal } = this.context;
    const { able, batches } = this;
    const began = performance.now();
    const names = able.map(({ contestant }) => contestant.name);
    const order = orderOf(plan, names, this.rounds, this.at);
    const runs = new Map<string, ContestantRun>();
    const racing = (): ContestantRun[] => [...runs.values()].filter((run) => run.able);
    try {
      this.fixture ??= await openFixture(this.context, this.workload, this.params);
      const { facts } = this.fixture;
      const atOnce = batches.size > 0 ? plan.round.atOnce : 1;
      await each([...order.start.entries()], atOnce, async ([position, name]) => {
        if (signal.aborted) return;
        const outcome = able[names.indexOf(name)] as ContestantOutcome;
        const run = new ContestantRun(this.context, outcome, this.rounds, {
          position,
          alone: atOnce === 1,
        });
        runs.set(name, run);
        await run.open(this.workload, { params: this.params, seed: plan.seed, facts });
      });
      if (signal.aborted) return;
      compareDigests(plan, racing());
      await each(racing(), atOnce, async (run) => {
        await run.warm();
        this.calibrate(run);
      });
      for (const [turn, row] of order.turns.entries()) {
        for (const name of row) await this.turn(runs.get(name), turn);
      }
      for (const run of racing()) {
        await run.close(batches.get(run.name) ?? 1);
      }
    } catch (error) {
      // Not one contestant's failure: the case as a whole cannot be measured.
      if (!signal.aborted) for (const outcome of able) fail(outcome, error);
    } finally {
      for (const run of runs.values()) await run.end();
      this.rounds++;
      this.roundMs = performance.now() - began;
    }
  }

  async close(): Promise<void> {
    const load = (await this.fixture?.close()) ?? null;
    this.load = load && { ...load, ...atItsBest(load, this.contestants) };
  }

  private async turn(run: ContestantRun | undefined, turn: number): Promise<void> {
    if (run === undefined) return;
    const before = this.fixture?.cpuUs() ?? 0;
    const jobs = await run.slice(turn, this.batches.get(run.name) ?? 1);
    const { served } = run.outcome;
    served.jobs += jobs;
    served.cpuUs += (this.fixture?.cpuUs() ?? 0) - before;
  }

  private get able(): ContestantOutcome[] {
    return this.contestants.filter(({ status }) => status === 'ok');
  }

  /**
   * A sample waits for so many jobs as take about `sampleMs`, and never for fewer than are in flight:
   * lanes that began together end together, and a sample that ended with the first of them would
   * have the time of all and the count of one. Where inputs differ, it has whole cycles of them, unless
   * one would fill much of a slice: else the fast samples of a slice are those of the cheap inputs.
   * Builds of one policy have the same.
   */
  private calibrate({ name, warmed, concurrency, cycle }: ContestantRun): void {
    const { sampleMs, sliceMs, alike } = this.context.plan.round;
    if (warmed === null || this.batches.has(name)) return;
    const [first] = this.batches.values();
    if (alike && first !== undefined) return void this.batches.set(name, first);
    const { jobsPerMs } = warmed;
    const jobs = Math.max(concurrency, Math.ceil(jobsPerMs * sampleMs));
    const whole = Math.max(Math.round(jobs / cycle), Math.ceil(concurrency / cycle)) * cycle;
    this.batches.set(name, whole <= (jobsPerMs * sliceMs) / FEWEST_SAMPLES ? whole : jobs);
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

async function each<T>(
  all: readonly T[],
  atOnce: number,
  act: (one: T) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < all.length; at += atOnce) {
    await Promise.all(all.slice(at, at + atOnce).map(act));
  }
}

/** What a round takes, before one was run. */
export function guessedRoundMs({ round }: Plan, contestants: number): number {
  return contestants * (GUESSED_START_MS + round.warm.mostMs / 2 + round.turns * round.sliceMs);
}

/** The reference's digest is right; without it, the one that most have. */
function compareDigests({ reference }: Plan, runs: readonly ContestantRun[]): void {
  const count = (digest: string): number => runs.filter((e) => e.digest === digest).length;
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
