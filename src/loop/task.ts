/**
 * A task: a job on its way. It is a future of the job's result, and it is what the ready ring
 * holds: `run()` takes the job one step further.
 *
 *     spawn ─▶ ready ─▶ step ─┬─ yielded a future ─▶ parked ─▶ (the future is done) ─▶ ready
 *                ▲            ├─ yielded nothing ──────────────────────────────────────▶ ready
 *                │            ├─ returned / threw ─▶ done
 *                │            └─ a promise ────────▶ adopted ─▶ (it settles) ─▶ done
 *                └── cancel: CancelledError is thrown in at the next step
 *
 * Tasks that are not done form a list through `newer` and `older`, so that a loop holds each one
 * strongly and can name it when it closes. A list costs two fields and no allocation; a Set cost
 * 60 to 90 ns per task.
 */
import {
  CancelledError,
  InvalidJobError,
  InvalidStateError,
  InvalidYieldError,
  SelfAwaitError,
  quote,
} from './errors.js';
import { Future, type Coroutine, type Suspension, type Waiter } from './future.js';
import type { Job } from './policy.js';
import type { Runnable } from './ring.js';
import type { Scheduler } from './scheduler.js';

export interface SpawnOptions {
  /** How reports and errors call the task; by default `task-N`. */
  name?: string;
  /** Higher runs sooner, under a strategy that looks at it. Default 0. */
  priority?: number;
}

/** @internal a task that failed with nobody waiting for it: reported unless somebody looks */
export interface FailureRecord {
  readonly name: string;
  readonly error: unknown;
}

/** How far a task that waits for a task looks for itself; a longer cycle ends as a deadlock. */
const CYCLE_STEPS = 16;

export class Task<T> extends Future<T> implements Runnable, Waiter {
  /** @internal the list of the scheduler's tasks that are not done */
  older: Task<unknown> | null = null;
  /** @internal */
  newer: Task<unknown> | null = null;
  private job: Job<T> | null;
  private body: Coroutine<T> | null = null;
  private parkedOn: Future<unknown> | null = null;
  private cancelling: CancelledError | null = null;
  private controller: AbortController | null = null;
  private adopted: Promise<unknown> | null = null;
  private failureRecord: FailureRecord | null = null;
  private givenName: string | undefined;
  /** @internal counted per loop, from 1 */
  readonly id: number;
  readonly priority: number;

  /** Made by `loop.spawn()`. */
  constructor(scheduler: Scheduler, job: Job<T>, options?: SpawnOptions) {
    super(scheduler);
    if (typeof job !== 'function') {
      throw new InvalidJobError(
        `a job is a generator function, an async function or a plain function, but got ${quote(job)}: ` +
          'pass the function itself, without calling it',
      );
    }
    this.job = job;
    this.givenName = options?.name;
    this.priority = options?.priority ?? 0;
    this.id = ++scheduler.spawned;
    this.link();
    scheduler.watch?.spawned(this as Task<unknown>);
    scheduler.soon(this);
  }

  get name(): string {
    return this.givenName ?? `task-${this.id}`;
  }

  /** What it is waiting for, for people: a task's name, `a future`, or null when it is ready or done. */
  get waitingFor(): string | null {
    if (this.parkedOn !== null) return this.parkedOn.label();
    return this.adopted !== null && !this.done ? 'its async function' : null;
  }

  /**
   * Aborted when the task is cancelled. A coroutine needs it for host APIs only, such as `fetch`:
   * cancellation reaches the coroutine itself as an error. An async function cannot be interrupted:
   * its task is cancelled at once and the function should watch this signal to end early.
   */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    return this.controller.signal;
  }

  /**
   * Asks the task to stop: CancelledError is thrown at its next step, and what it waits for is
   * cancelled too. The task may clean up, waiting if it must, and may even decline by catching the
   * error. False when it was done before.
   */
  override cancel(message?: string): boolean {
    if (this.done) return false;
    // Down the chain of tasks that wait for tasks: the innermost one is interrupted, and its
    // CancelledError wakes the others. No recursion, since chains may be long; and where the chain
    // bites its own tail (`slow`, at half the pace, is met again) we are interrupted ourselves.
    let inner = this as Task<unknown>;
    let slow = inner;
    for (let even = false; ; even = !even) {
      inner.controller?.abort(new CancelledError(message));
      const next = inner.joins;
      if (next === null) return inner.interrupt(message);
      inner = next;
      if (even) slow = slow.joins as Task<unknown>;
      if (inner === slow) break;
    }
    this.parkedOn?.unwait(this);
    this.parkedOn = null;
    this.scheduler.soon(this);
    return this.interrupt(message);
  }

  override setResult(_value: T): void {
    this.refuseSettling();
  }

  override setError(_error: unknown): void {
    this.refuseSettling();
  }

  /** @internal one step; the scheduler calls it */
  run(): void {
    if (this.done) return;
    const { scheduler } = this;
    const { watch } = scheduler;
    const began = watch === null ? 0 : performance.now();
    scheduler.current = this as Task<unknown>;
    try {
      this.step();
    } catch (error) {
      this.fail(error);
    } finally {
      scheduler.current = null;
    }
    if (watch !== null) {
      watch.stepped(this as Task<unknown>, began, performance.now());
      if (this.parkedOn !== null) watch.parked(this as Task<unknown>, this.parkedOn);
    }
  }

  /** @internal the future it waits for is done */
  settled(): void {
    this.scheduler.soon(this);
  }

  /** @internal */
  override failure(): unknown {
    if (this.failureRecord !== null) {
      this.scheduler.failures.delete(this.failureRecord);
      this.failureRecord = null;
    }
    return super.failure();
  }

  /** @internal */
  override label(): string {
    return `task ${quote(this.name)}`;
  }

  /** The task it waits for, while that one is not done. */
  private get joins(): Task<unknown> | null {
    const { parkedOn } = this;
    return parkedOn instanceof Task && !parkedOn.done ? parkedOn : null;
  }

  /** Whether it is `task`, or waits for it in the end, as far as it is worth looking. */
  private leadsTo(task: Task<unknown>): boolean {
    let inner: Task<unknown> | null = this as Task<unknown>;
    for (let i = 0; inner !== null && i < CYCLE_STEPS; i++) {
      if (inner === task) return true;
      inner = inner.joins;
    }
    return false;
  }

  private interrupt(message: string | undefined): boolean {
    if (this.adopted !== null) {
      this.scheduler.leaveBehind(this.name, this.adopted);
      this.finish();
      this.endCancelled(message);
      return true;
    }
    // What we wait for, once cancelled, wakes us with its CancelledError. Where it declines (it is
    // done already and we are in the ready ring), or where we wait for nothing, we throw our own.
    if (this.parkedOn !== null && this.parkedOn.cancel(message)) return true;
    this.cancelling = new CancelledError(message ?? `${this.name} was cancelled`);
    return true;
  }

  private step(): void {
    const { parkedOn, cancelling } = this;
    this.parkedOn = null;
    this.cancelling = null;
    if (this.body === null) {
      if (cancelling !== null) throw cancelling; // cancelled before its first step: it never runs
      const { job } = this;
      this.job = null;
      const outcome = (job as Job<T>)(this.scheduler.loop, this as Task<unknown>);
      if (isCoroutine<T>(outcome)) this.body = outcome;
      else if (isThenable<T>(outcome)) return this.adopt(outcome);
      else return this.succeed(outcome);
      return this.react(this.body.next());
    }
    if (cancelling !== null) {
      parkedOn?.discarded();
      return this.react(this.body.throw(cancelling));
    }
    if (parkedOn === null) return this.react(this.body.next());
    let value: unknown;
    try {
      value = parkedOn.result();
    } catch (error) {
      return this.react(this.body.throw(error));
    }
    return this.react(this.body.next(value));
  }

  private react(step: IteratorResult<Suspension, T>): void {
    if (step.done === true) return this.succeed(step.value);
    const { value } = step;
    if (value === undefined) return this.scheduler.soon(this);
    if (!(value instanceof Future)) return this.throwIn(invalidYield(this, value));
    if (value instanceof Task && value.leadsTo(this as Task<unknown>)) {
      const through = value === this ? '' : `, through ${value.label()}`;
      return this.throwIn(
        new SelfAwaitError(
          `${this.label()} waits for itself${through}, which can never end: wait for another`,
        ),
      );
    }
    this.parkedOn = value;
    value.wait(this);
    // Cancelled while it was running, by itself or by what it called: before it parks for good.
    if (this.cancelling !== null && value.cancel(this.cancelling.message)) this.cancelling = null;
  }

  /** A mistake of the coroutine's is thrown where it was made, so that its own stack shows it. */
  private throwIn(error: Error): void {
    this.react((this.body as Coroutine<T>).throw(error));
  }

  private adopt(promise: PromiseLike<T>): void {
    const own = Promise.resolve(promise);
    const { cancelling } = this; // by the part of the function that has just run
    this.cancelling = null;
    this.adopted = own;
    own.then(
      (value) => {
        if (!this.done) this.succeed(value);
      },
      (error: unknown) => {
        if (!this.done) this.fail(error);
      },
    );
    if (cancelling !== null) this.cancel(cancelling.message);
  }

  private succeed(value: T): void {
    const { cancelling } = this;
    this.finish();
    // Cancelled during the step that turned out to be its last: the request came first.
    if (cancelling !== null) return this.endCancelled(cancelling.message);
    super.setResult(value);
    this.scheduler.watch?.completed(this as Task<unknown>);
  }

  private fail(error: unknown): void {
    this.finish();
    if (error instanceof CancelledError) return this.endCancelled(error.message);
    if (!this.awaited) this.failureRecord = this.scheduler.unseenFailure(this, error);
    super.setError(error);
    this.scheduler.watch?.completed(this as Task<unknown>);
  }

  private endCancelled(message: string | undefined): void {
    super.cancel(message);
    this.scheduler.watch?.cancelled(this as Task<unknown>);
  }

  private finish(): void {
    this.unlink();
    this.body = null;
    this.job = null;
    this.parkedOn = null;
    this.cancelling = null;
    this.adopted = null;
  }

  private link(): void {
    const { scheduler } = this;
    this.older = scheduler.tasks;
    if (this.older !== null) this.older.newer = this as Task<unknown>;
    scheduler.tasks = this as Task<unknown>;
  }

  private unlink(): void {
    const { older, newer, scheduler } = this;
    if (newer !== null) newer.older = older;
    else scheduler.tasks = older;
    if (older !== null) older.newer = newer;
    this.older = null;
    this.newer = null;
  }

  private refuseSettling(): never {
    throw new InvalidStateError(
      `${this.label()} gets its result from its job: to end it early call cancel(), ` +
        'to settle by hand use loop.future()',
    );
  }
}

/** @internal */
export function isCoroutine<T>(value: unknown): value is Coroutine<T> {
  if (typeof value !== 'object' || value === null) return false;
  const { next, throw: raise } = value as Partial<Coroutine<T>>;
  return typeof next === 'function' && typeof raise === 'function';
}

/** @internal */
export function isThenable<T>(value: unknown): value is PromiseLike<T> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

function invalidYield(task: Task<unknown> | Task<never> | Future<unknown>, value: unknown): Error {
  const hint = isThenable(value)
    ? 'wrap a promise with loop.adopt(promise)'
    : 'yield a future (yield* future) or nothing (yield)';
  return new InvalidYieldError(
    `${task.label()} yielded ${quote(value)}, which no loop can wait for: ${hint}`,
  );
}
