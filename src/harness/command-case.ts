/**
 * A case whose contestants are whole commands, such as a build: each run is a process of its own, so there are no turns
 * within one, and nothing to warm up but the machine's caches.
 *
 *   first     A B             a run of each that does not count: what it prints is what the others are compared with
 *   round 0   A B ┐
 *   round 1   B A ┘ balanced  one run of each, next to each other in time: one observation of their ratio
 *   …
 *
 * CPU time is that of all processes that a run waited for, in ticks of 10 ms whose errors cancel over runs.
 */
import { createHash } from 'node:crypto';
import type { Found } from '../config/program.js';
import { logRates, ratiosTo } from '../documents/observations.js';
import type { Round } from '../documents/results.js';
import { Histogram } from '../stats/histogram.js';
import { median } from '../stats/quantile.js';
import { differenceOf } from '../text/difference.js';
import type { MeasuredCase } from './case-run.js';
import {
  OtherWorkError,
  fail,
  outcomeOf,
  type ContestantOutcome,
  type RunContext,
} from './contestant-run.js';
import type { CaseState } from './next-round.js';
import { turnOrder, type PlannedCase } from './plan.js';
import { CommandFailedError, runWhole, type Ran } from './whole-run.js';

export interface CommandOptions {
  /** In which a run has to end, in ms. */
  readonly deadlineMs: number;
  /** What is compared of what it prints. */
  readonly textOf: (printed: string) => string;
  /** In the environment of all that it starts. */
  readonly mark: string;
}

/** Runs of nothing, which tell what starting one costs. */
const EMPTY_RUNS = 5;

export class CommandCase implements MeasuredCase {
  readonly workload: PlannedCase['workload'];
  readonly params: PlannedCase['params'];
  readonly contestants: readonly ContestantOutcome[];
  readonly load = null;
  moreMs = 0;
  rounds = 0;
  private roundMs = 0;
  private startUs = 0;
  /** What each printed first, by name. */
  private readonly printed = new Map<string, { text: string; ms: number }>();
  private readonly context: RunContext;
  private readonly options: CommandOptions;

  constructor(
    context: RunContext,
    planned: PlannedCase,
    found: readonly Found[],
    options: CommandOptions,
  ) {
    const { workload, params, contestants } = planned;
    this.context = context;
    this.options = options;
    this.workload = workload;
    this.params = params;
    this.contestants = contestants.map((each, at) => outcomeOf(each, found[at] as Found));
  }

  get state(): CaseState {
    const { reference } = this.context.plan;
    const standard = this.able.find(({ contestant: { name } }) => name === reference);
    const others = this.able.filter((outcome) => outcome !== standard);
    return {
      rounds: this.rounds,
      roundMs: this.roundMs,
      observations: others.map(({ rounds }) =>
        standard === undefined ? logRates(rounds) : ratiosTo(standard.rounds, rounds),
      ),
      over: this.able.length === 0,
    };
  }

  async round(): Promise<void> {
    const { context, rounds } = this;
    const names = this.contestants.map(({ contestant }) => contestant.name);
    // The same orders in turn: each contestant has each place equally often.
    const orders = turnOrder(context.plan, names, 0, 0, 1);
    const order = orders[rounds % orders.length] as string[];
    try {
      if (rounds === 0) await this.first(order);
      const began = performance.now();
      for (const [position, name] of order.entries()) {
        const outcome = this.able.find(({ contestant }) => contestant.name === name);
        if (outcome !== undefined) await this.once(outcome, position);
      }
      this.roundMs = performance.now() - began;
    } finally {
      this.rounds++;
    }
  }

  async close(): Promise<void> {}

  private async first(order: readonly string[]): Promise<void> {
    const empty: number[] = [];
    for (let i = 0; i < EMPTY_RUNS; i++) {
      const [cwd, env] = [process.cwd(), {}];
      empty.push((await this.run({ command: ['/bin/sh', '-c', ':'], cwd, env })).ms);
    }
    this.startUs = median(empty) * 1000;
    for (const name of order) {
      const outcome = this.able.find(({ contestant }) => contestant.name === name);
      if (outcome === undefined) continue;
      await this.guarded(outcome, 1, async () => {
        const { printed, ms } = await this.runOf(outcome);
        this.printed.set(name, { text: this.options.textOf(printed), ms });
      });
    }
    const { reference } = this.context.plan;
    const standard = this.printed.get(reference)?.text;
    for (const outcome of this.able) {
      const text = this.printed.get(outcome.contestant.name)?.text;
      if (text === undefined || standard === undefined || text === standard) continue;
      const { one, other } = differenceOf(standard, text);
      fail(
        outcome,
        new OtherWorkError(`run 1 prints '${other}', where ${reference} prints '${one}'${ALLOW}`),
      );
    }
  }

  private once(outcome: ContestantOutcome, position: number): Promise<void> {
    return this.guarded(outcome, this.rounds + 2, async () => {
      const first = this.printed.get(outcome.contestant.name);
      const ran = await this.runOf(outcome);
      const text = this.options.textOf(ran.printed);
      if (first !== undefined && text !== first.text) {
        const { one, other } = differenceOf(first.text, text);
        throw new CommandFailedError(`prints '${other}', and '${one}' before${ALLOW}`);
      }
      outcome.rounds.push(this.roundOf(ran, position, first?.ms ?? 0, text));
    });
  }

  private roundOf(
    { ms, cpuUserUs, cpuSystemUs }: Ran,
    position: number,
    warmMs: number,
    text: string,
  ): Round {
    const latency = new Histogram();
    latency.record(ms);
    return {
      round: this.rounds,
      position,
      batch: 1,
      block: 1,
      firstJobMs: 0,
      warm: { ms: warmMs, flat: true },
      digest: createHash('sha256').update(text).digest('hex').slice(0, 16),
      measures: {
        latency: latency.counts(),
        lag: [],
        memory: null,
        gc: null,
        switches: null,
      },
      harness: { sampleUs: 0, jobUs: this.startUs },
      slices: [{ turn: 0, jobs: 1, ms, allJobs: 1, cpuUserUs, cpuSystemUs, samplesMs: [ms] }],
    };
  }

  private runOf({ contestant, command }: ContestantOutcome): Promise<Ran> {
    const { env = {} } = contestant;
    const [cwd = '', ...rest] = command;
    return this.run({ command: rest, cwd, env });
  }

  private run(
    asked: Pick<Parameters<typeof runWhole>[0], 'command' | 'cwd' | 'env'>,
  ): Promise<Ran> {
    const { deadlineMs, mark } = this.options;
    return runWhole({ ...asked, deadlineMs, mark, signal: this.context.signal });
  }

  /** `nth` is the run that is made. */
  private async guarded(
    outcome: ContestantOutcome,
    nth: number,
    work: () => Promise<void>,
  ): Promise<void> {
    if (this.context.signal.aborted) return;
    try {
      await work();
    } catch (error) {
      if (this.context.signal.aborted) return;
      const { message } = error as Error;
      fail(outcome, new CommandFailedError(`run ${nth} ${message}`));
    }
  }

  private get able(): ContestantOutcome[] {
    return this.contestants.filter(({ status }) => status === 'ok');
  }
}

const ALLOW = ': if that may be, --ignore output, or what a /pattern/ matches';
