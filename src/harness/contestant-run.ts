/** A contestant in one round, as the harness sees it. */
import { LoopdynoError } from '../text/errors.js';
import type { Round, Slice } from '../documents/results.js';
import type { Load } from '../workload/open-loop.js';
import type { JobsSetup, Kind, Workload } from '../workload/workload.js';
import type { z } from 'zod';
import { ANSWERS, checked } from '../protocol/answers.js';
import type { Beside } from './beside.js';
import { Child } from './child.js';
import { pin, pinning } from '../system/affinity.js';
import type { Found } from '../config/program.js';
import { openRequest, warmUpOf, type Contestant, type Plan } from './plan.js';
import type { HarnessCost } from '../protocol/measured.js';
import type { ContestantRequest, SliceAnswer } from '../protocol/messages.js';
import { mixed } from '../stats/random.js';
import { otherThreadsUs } from '../system/cpu-time.js';
import type { TurnShape } from './turns.js';
import { gauge, warmUp, type Gauge, type WarmedUp, type WorkWindow } from './warm-up.js';

/** What measuring a plan needs: the plan, the signal that ends it, and every child that is alive. */
export interface RunContext {
  readonly plan: Plan;
  readonly signal: AbortSignal;
  readonly children: Set<Child>;
  /** CPU time that this process itself used while slices ran, and how long they ran, in µs. */
  readonly parent: { cpuUs: number; sliceUs: number };
  readonly beside?: Beside;
}

/** The outcome of one contestant in one case. */
export interface ContestantOutcome {
  readonly contestant: Contestant;
  status: 'ok' | 'failed' | 'unavailable' | 'aborted';
  reason: string | null;
  /** It failed because its work differs from that of the reference, or from before. */
  otherWork: boolean;
  digest: string | null;
  /** What it runs on, if that is not this very Node. */
  runtime: string | null;
  /** The command that starts its process; empty if there is none. */
  readonly command: readonly string[];
  readonly rounds: Round[];
  /** What its slices took from the fixture, or from its driver: jobs, and CPU time for them in µs. */
  readonly served: { jobs: number; cpuUs: number };
  /** The sums over its rounds of what it counted of jobs that went beyond the machine; empty elsewhere. */
  readonly ledger: Record<string, number>;
}

/** The outcome of a contestant that has not begun. */
export function outcomeOf(contestant: Contestant, found: Found): ContestantOutcome {
  return {
    contestant,
    status: found.ok ? 'ok' : 'unavailable',
    reason: found.ok ? null : `${found.reason}: ${found.remedy}`,
    otherWork: false,
    digest: null,
    runtime: contestant.runtime ?? null,
    command: found.ok ? found.command : [],
    rounds: [],
    served: { jobs: 0, cpuUs: 0 },
    ledger: {},
  };
}

/** One contestant in one round. Its failure is recorded for it alone, and the others go on. */
export class ContestantRun {
  readonly outcome: ContestantOutcome;
  digest = '';
  concurrency = 1;
  /** The number of jobs after which the same inputs come again. */
  cycle = 1;
  /** Null until it is warm and has worked alone. */
  gauged: Gauge | null = null;
  private warmed: WarmedUp | null = null;
  private kind: Kind = 'cpu';
  /** Where the program belongs that it drives. */
  private cpu: number | undefined;
  private harness: HarnessCost | null = null;
  private readonly child: Child;
  private readonly context: RunContext;
  private readonly round: number;
  private readonly start: { readonly position: number; readonly alone: boolean };
  private firstJobMs = 0;
  private readonly slices: Slice[] = [];

  constructor(
    context: RunContext,
    outcome: ContestantOutcome,
    round: number,
    start: { readonly position: number; readonly alone: boolean },
  ) {
    this.context = context;
    this.outcome = outcome;
    this.round = round;
    this.start = start;
    const { placed = (at: string): string => at, env = {} } = outcome.contestant;
    this.child = new Child(this.name, outcome.command.map(placed), {
      memoryBytes: context.plan.limits.memoryBytes,
      wholeTree: outcome.contestant.drives === true,
      env: { ...context.plan.launch.env, ...env },
    });
    context.children.add(this.child);
  }

  get name(): string {
    return this.outcome.contestant.name;
  }

  get able(): boolean {
    return this.outcome.status === 'ok';
  }

  async open(workload: Workload, setup: JobsSetup): Promise<void> {
    this.kind = workload.kind;
    const answer = await this.ask(
      ANSWERS.open,
      openRequest(this.outcome.contestant, workload, setup),
      this.context.plan.limits.openMs,
    );
    // Processes that start at the same time slow each other down.
    this.firstJobMs = this.start.alone ? (answer?.firstJobMs ?? 0) : 0;
    this.digest = answer?.digest ?? '';
    this.concurrency = answer?.concurrency ?? 1;
    this.cycle = answer?.cycle ?? 1;
    this.outcome.runtime = answer?.runtime ?? this.outcome.runtime;
    if (answer === null) await this.end();
  }

  /** Returns how many jobs warm up its next process; null if that is not known, or if it failed. */
  async warm(known: number | null): Promise<number | null> {
    const { round } = this.context.plan;
    const warm = warmUpOf(round, this.kind);
    this.warmed = await warmUp({ ...round, warm }, known, this.concurrency, (ms, batch) =>
      this.window(ms, batch),
    );
    return this.warmed?.jobs ?? null;
  }

  /** How fast it is when it works alone; null if it failed. */
  async gauge(): Promise<Gauge | null> {
    const { round } = this.context.plan;
    if (this.able) {
      this.gauged = await gauge(round, this.concurrency, (ms, batch) => this.window(ms, batch));
    }
    return this.gauged;
  }

  /**
   * Pins it to the contestants' core. Not before its turns: contestants that warm up at the same time would share that
   * core.
   */
  async pin(): Promise<void> {
    const cpu = pinning()?.contestants;
    if (this.outcome.contestant.drives === true) this.cpu = cpu;
    else if (this.able) await pin(this.child.pid, cpu);
  }

  /** Does a little work that does not count. */
  async wake(): Promise<void> {
    if (this.able) await this.window(this.context.plan.round.warm.windowMs, this.concurrency);
  }

  private async window(ms: number, batch: number): Promise<WorkWindow | null> {
    const pid = String(this.child.pid);
    const before = otherThreadsUs(pid);
    const began = performance.now();
    const deadlineMs = ms + this.context.plan.limits.workMs;
    const answer = await this.ask(ANSWERS.slice, { do: 'slice', ms, batch }, deadlineMs);
    if (answer === null) return null;
    const wallMs = performance.now() - began;
    const otherCores = Math.max(0, otherThreadsUs(pid) - before) / (wallMs * 1000);
    const {
      jobs,
      ms: took,
      allJobs,
      cpuJobs = allJobs,
      collections = { count: 0, ms: 0 },
    } = answer;
    const cores = (answer.cpuUserUs + answer.cpuSystemUs) / 1000 / ((took * cpuJobs) / jobs);
    if (jobs === 0 || took === 0) {
      fail(this.outcome, new Error(`it did ${jobs} jobs in ${took} ms of its warm-up`));
      return null;
    }
    return { jobs, ms: took, allJobs, collections, cores, otherCores, wallMs };
  }

  /** Declares what it has measured so far its warm-up. */
  async reset(): Promise<void> {
    const { workMs } = this.context.plan.limits;
    const { cpu } = this;
    const request = { do: 'reset' as const, ...(cpu !== undefined && { cpu }) };
    const answer = await this.ask(ANSWERS.reset, request, workMs);
    this.harness = answer?.harness ?? null;
  }

  /** Returns how many jobs were done in the slice, timed or not. */
  async slice(turn: number, shape: TurnShape & { readonly batch: number }): Promise<number> {
    if (!this.able) return 0;
    const { parent, plan } = this.context;
    const { load } = plan.round;
    const asked = this.ask(
      ANSWERS.slice,
      {
        do: 'slice',
        ...shape,
        ...(load === null ? {} : { load: { ...load, seed: mixed(load.seed, this.round, turn) } }),
      },
      shape.ms + plan.limits.workMs,
    );
    // The contestant works from here until it answers. What this process does before and after costs it nothing.
    const before = process.cpuUsage();
    const began = performance.now();
    const answer = await asked;
    const { user, system } = this.child.heard;
    parent.cpuUs += Math.max(0, user + system - before.user - before.system);
    parent.sliceUs += (performance.now() - began) * 1000;
    if (answer === null) return 0;
    const { did: _, offered: __, ...slice } = answer;
    this.slices.push({ turn, ...slice });
    return slice.allJobs;
  }

  /** Measures a stretch of an open loop, which is not part of the round. */
  async probe(ms: number, load: Load): Promise<SliceAnswer | null> {
    const deadlineMs = ms + this.context.plan.limits.workMs;
    return this.ask(ANSWERS.slice, { do: 'slice', ms, batch: 1, load }, deadlineMs);
  }

  /** Ends the round properly; only then does it count. */
  async close(batch: number, block: number, count = 0): Promise<void> {
    const { workMs } = this.context.plan.limits;
    const answer = await this.ask(ANSWERS.close, { do: 'close', count }, workMs);
    if (answer === null || this.warmed === null) return;
    const harness = answer.harness ?? this.harness;
    if (harness === null) {
      return fail(
        this.outcome,
        new Error(
          'it said neither at reset nor at close what measuring costs: `harness`, see docs/protocol.md',
        ),
      );
    }
    if (answer.left.length > 0) {
      return fail(this.outcome, new Error(`left behind: ${answer.left.join('; ')}`));
    }
    const { round, firstJobMs, digest, slices } = this;
    const { position } = this.start;
    const { ms, flat } = this.warmed;
    const { measures, counts } = answer;
    this.outcome.digest = digest;
    const { ledger } = this.outcome;
    for (const [name, count] of Object.entries(answer.ledger ?? {})) {
      ledger[name] = (ledger[name] ?? 0) + count;
    }
    this.outcome.served.jobs += answer.drove?.jobs ?? 0;
    this.outcome.served.cpuUs += answer.drove?.cpuUs ?? 0;
    this.outcome.rounds.push({
      round,
      position,
      batch,
      block,
      firstJobMs,
      warm: { ms, flat },
      digest,
      measures,
      harness,
      ...(counts && { counts }),
      slices,
    });
  }

  async end(): Promise<void> {
    this.child.kill();
    await this.child.gone;
    this.context.children.delete(this.child);
  }

  private async ask<Answer>(
    answers: z.ZodType<Answer>,
    request: ContestantRequest,
    deadlineMs: number,
  ): Promise<Answer | null> {
    try {
      return checked(answers, request.do, await this.child.ask(request, deadlineMs));
    } catch (error) {
      // An interruption ends the children: that is not a failure of theirs.
      if (!this.context.signal.aborted) fail(this.outcome, error);
      return null;
    }
  }
}

export class OtherWorkError extends LoopdynoError {}

export function fail(outcome: ContestantOutcome, error: unknown): void {
  if (outcome.status !== 'ok') return;
  outcome.status = 'failed';
  outcome.otherWork = error instanceof OtherWorkError;
  outcome.reason = error instanceof Error ? error.message : String(error);
}
