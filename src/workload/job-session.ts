/**
 * The session of a workload of independent jobs: a closed loop that keeps `concurrency` jobs submitted. It has that
 * many lanes, and each takes the next input when its last job is done. Every result is compared with the verified one.
 */
import { createHash } from 'node:crypto';
import { InvalidArgumentError, LoopdynoError, quote } from '../loop/errors.js';
import type { Future } from '../loop/future.js';
import type { Coroutine, Loop, PortableJob, SubmitOptions } from '../loop/policy.js';
import type { Task } from '../loop/task.js';
import { seeded } from '../stats/random.js';
import { asText } from './as-text.js';
import { Offered, gapMs, type Load } from './open-loop.js';
import type { Latency, Session } from './workload.js';

/** A job's result differed from the verified one. */
export class WrongResultError extends LoopdynoError {}

export interface JobSessionOptions<I, O = string> {
  /** The job. Its result must depend on everything it computed; a short text is best. */
  readonly job: PortableJob<I, O>;
  /** The inputs, taken in turn, again and again. */
  readonly inputs: readonly I[];
  /** Jobs in flight at the same time. */
  readonly concurrency: number;
  readonly latency: Latency;
  /**
   * Which results are compared with the verified ones. `each`: every one, as text, which is part of the job's time.
   * `some`: numbers and texts each time; of objects the last one of every input, when the work is at rest. Default
   * `each`.
   */
  readonly check?: 'each' | 'some';
  /** How the input at that place is handed over for a job; default: as it is. What it takes is part of the job's time. */
  readonly hand?: (input: I, at: number) => { readonly input: I; readonly options: SubmitOptions };
  /** Gets the verified results as text. */
  readonly onVerified?: (results: readonly string[]) => void;
}

export function jobSession<I, O = string>(loop: Loop, options: JobSessionOptions<I, O>): Session {
  return new JobSession(loop, options);
}

class JobSession<I, O> implements Session {
  readonly concurrency: number;
  readonly cycle: number;
  done = 0;
  private readonly loop: Loop;
  private readonly options: JobSessionOptions<I, O>;
  private readonly verified: string[] = [];
  /** The same as they are; empty if every result is compared as text. */
  private readonly values: unknown[] = [];
  /** By input, a result that is still to be compared. */
  private readonly last = new Map<number, O>();
  private next = 0;
  private lanes: Task<void>[] = [];
  private open = false;
  /** The current batch: settled when `done` reaches `goal`, or when a lane fails. */
  private batchDone: Future<void> | null = null;
  private goal = Infinity;
  /** What `done` should have been at the end of the last batch; lanes go on until the loop stops. */
  private due = 0;
  /** The error of the first lane that failed. It may fail between two batches; then the next batch reports it. */
  private failure: { readonly error: unknown } | null = null;

  constructor(loop: Loop, options: JobSessionOptions<I, O>) {
    const { inputs, concurrency } = options;
    if (inputs.length === 0) {
      throw new InvalidArgumentError('a job session got no inputs: give it at least one');
    }
    if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
      throw new InvalidArgumentError(
        `concurrency takes a whole number from 1, but got ${quote(concurrency)}`,
      );
    }
    this.loop = loop;
    this.options = options;
    this.concurrency = options.concurrency;
    this.cycle = inputs.length;
  }

  *verify(): Coroutine<string> {
    const { inputs, latency, check, onVerified } = this.options;
    for (const index of inputs.keys()) {
      const began = performance.now();
      const result = yield* this.submit(index);
      latency.record(performance.now() - began);
      this.verified.push(textOf(result));
      if (check === 'some') this.values.push(isObject(result) ? UNLIKE : result);
    }
    onVerified?.(this.verified);
    return createHash('sha256').update(this.verified.join('\n')).digest('hex').slice(0, 16);
  }

  *batch(jobs: number): Coroutine<void> {
    if (this.failure !== null) throw this.failure.error;
    // A batch of whole cycles ends where a cycle does: otherwise each batch would have more of some inputs than of
    // others.
    const whole = jobs % this.cycle === 0;
    this.due = this.done + jobs - (whole ? (this.done - this.due) % this.cycle : 0);
    this.goal = this.due;
    this.batchDone = this.loop.future<void>();
    this.open = true;
    while (this.lanes.length < this.concurrency) {
      this.lanes.push(this.loop.spawn(() => this.lane()));
    }
    yield* this.batchDone;
  }

  *offer(load: Load, ms: number): Coroutine<Offered> {
    const { loop } = this;
    const offered = new Offered();
    const random = seeded(load.seed);
    const tasks: Task<void>[] = [];
    const began = loop.now();
    for (let due = began + gapMs(load, random); due < began + ms; due += gapMs(load, random)) {
      const early = due - loop.now();
      if (early > 0) yield* loop.io.sleep(early);
      const arrived = due;
      tasks.push(loop.spawn(() => this.arrival(arrived, offered)));
    }
    for (const task of tasks) yield* task;
    return offered;
  }

  private *arrival(due: number, offered: Offered): Coroutine<void> {
    const { loop, options } = this;
    const index = this.next++ % options.inputs.length;
    const began = loop.now();
    const result = yield* this.submit(index);
    this.check(index, result);
    const ended = loop.now();
    offered.record(due, began, ended);
    options.latency.record(ended - due);
    this.done++;
  }

  *rest(): Coroutine<void> {
    this.open = false;
    const { lanes } = this;
    this.lanes = [];
    for (const lane of lanes) yield* lane;
    this.due = this.done;
    for (const [index, result] of this.last) this.compare(index, textOf(result));
    this.last.clear();
  }

  *close(): Coroutine<void> {}

  private *lane(): Coroutine<void> {
    const { inputs, latency } = this.options;
    try {
      // A lane's next job begins where its last one ended, so one clock reading serves both.
      let began = performance.now();
      while (this.open) {
        const index = this.next++ % inputs.length;
        this.check(index, yield* this.submit(index));
        const now = performance.now();
        latency.record(now - began);
        began = now;
        if (++this.done >= this.goal) this.reached();
      }
    } catch (error) {
      this.open = false;
      this.failure ??= { error };
      this.batchDone?.offerError(error);
      throw error;
    }
  }

  private submit(index: number): Task<O> {
    const { job, inputs, hand } = this.options;
    const input = inputs[index] as I;
    if (hand === undefined) return this.loop.submit(job, input);
    const handed = hand(input, index);
    return this.loop.submit(job, handed.input, handed.options);
  }

  private check(index: number, result: O): void {
    if (this.values.length === 0) this.compare(index, textOf(result));
    else if (isObject(result)) this.last.set(index, result);
    else if (!Object.is(result, this.values[index])) this.compare(index, textOf(result));
  }

  private compare(index: number, text: string): void {
    const expected = this.verified[index];
    if (text !== expected) throw wrongResult(this.options.job.export, index, expected, text);
  }

  private reached(): void {
    this.goal = Infinity;
    this.batchDone?.offer();
  }
}

/** In the place of an object, which is compared as text alone. */
const UNLIKE = Symbol('an object');

function isObject(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/**
 * Results are compared, and hashed, as text. A result from a thread is a clone, in which a Buffer is a Uint8Array and
 * an instance a plain object; so results are cloned everywhere.
 */
function textOf(result: unknown): string {
  if (typeof result === 'string') return result;
  return asText(typeof result === 'object' ? structuredClone(result) : result);
}

function wrongResult(job: string, input: number, expected: unknown, result: unknown): Error {
  return new WrongResultError(
    `job ${job} gave ${quote(result)} for input ${input}, but ${quote(expected)} when it was verified: ` +
      'a workload must give the same result for the same input each time',
  );
}
