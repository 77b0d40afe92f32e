/**
 * The session of a pool that is not ours, and of jobs that send bytes: see docs/protocol.md, "Lanes". A lane is an async function over the pool's
 * own promises. Only the wait for a batch uses a loop of ours, which is woken once per sample.
 */
import { createHash } from 'node:crypto';
import type { Coroutine, Future, Jobs, Latency, Loop, Session } from '../../src/index.js';
import { quote } from '../../src/text/errors.js';
import { WrongResultError } from '../../src/workload/job-session.js';
import type { Run } from './pools.js';

export class Lanes implements Session {
  readonly concurrency: number;
  readonly cycle: number;
  done = 0;
  private readonly loop: Loop;
  private readonly run: Run;
  private readonly jobs: Jobs;
  private readonly latency: Latency;
  private readonly verified: unknown[] = [];
  private next = 0;
  private open = false;
  private lanes: Promise<void>[] = [];
  /** The current batch: settled when `done` reaches `due`, or when a lane fails. */
  private reached: Future<void>;
  private due = 0;
  /** The error of a lane that failed. It may fail between two batches; then the next batch reports it. */
  private failure: { readonly error: unknown } | null = null;

  constructor(loop: Loop, run: Run, jobs: Jobs, latency: Latency) {
    this.loop = loop;
    this.run = run;
    this.jobs = jobs;
    this.latency = latency;
    this.concurrency = jobs.concurrency;
    this.cycle = jobs.inputs.length;
    this.reached = loop.future<void>();
  }

  *verify(): Coroutine<string> {
    const { name, inputs } = this.jobs;
    for (const input of inputs) {
      const began = performance.now();
      this.verified.push(yield* this.loop.adopt(this.run(name, input)));
      this.latency.record(performance.now() - began);
    }
    return createHash('sha256').update(this.verified.join('\n')).digest('hex').slice(0, 16);
  }

  *batch(jobs: number): Coroutine<void> {
    if (this.failure !== null) throw this.failure.error;
    const surplus = jobs % this.cycle === 0 ? (this.done - this.due) % this.cycle : 0;
    this.due = this.done + jobs - surplus;
    this.reached = this.loop.future<void>();
    this.open = true;
    while (this.lanes.length < this.concurrency) {
      this.lanes.push(this.lane().catch((error: unknown) => this.fail(error)));
    }
    yield* this.reached;
  }

  *rest(): Coroutine<void> {
    this.open = false;
    yield* this.loop.adopt(Promise.all(this.lanes));
    this.lanes = [];
    this.due = this.done;
    if (this.failure !== null) throw this.failure.error;
  }

  *close(): Coroutine<void> {}

  private async lane(): Promise<void> {
    const { run, verified, latency } = this;
    const { name, inputs } = this.jobs;
    // A lane's next job begins where its last one ended, so one clock reading serves both.
    let began = performance.now();
    while (this.open) {
      const index = this.next++ % this.cycle;
      const result = await run(name, inputs[index]);
      const now = performance.now();
      latency.record(now - began);
      began = now;
      if (result !== verified[index]) {
        throw new WrongResultError(
          `${name} gave ${quote(result)} for input ${index}, but ${quote(verified[index])} before`,
        );
      }
      if (++this.done >= this.due && !this.reached.done) this.reached.setResult(undefined);
    }
  }

  private fail(error: unknown): void {
    this.open = false;
    this.failure ??= { error };
    if (!this.reached.done) this.reached.setError(error);
  }
}
