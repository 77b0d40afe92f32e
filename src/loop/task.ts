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
 * A loop holds each task that is not done, and can name it when it closes. One that is ready is in the ready ring. One
 * that has ever waited is in a list, too, through `newer` and `older`; a task that never waits is spared the 12 ns, a
 * tenth of its price, that going in and out costs.
 */
import { CancelledError, InvalidJobError, InvalidStateError, quote } from './errors.js';
import { Future, type Waiter } from './future.js';
import type { Instruments } from './instruments/instrument.js';
import { invalidYield, isCoroutine, isThenable, selfAwait } from './job.js';
import type { Coroutine, Job, SpawnOptions, Suspension } from './policy.js';
import type { Runnable } from './ring.js';
import type { Scheduler } from './scheduler.js';
import type { Link } from './linked-list.js';

/** How far a task that waits for a task looks for itself; a longer cycle ends as a deadlock. */
const CYCLE_STEPS = 16;

/** What few tasks have. Apart, it keeps the others small: a spawn costs mostly its memory. */
interface Rare {
  name: string | undefined;
  priority: number;
  /** Thrown at the next step. */
  cancelling: CancelledError | null;
  /** It was asked to stop, and what it waits for was cancelled in its place. */
  asked: CancelledError | null;
  controller: AbortController | null;
  /** The promise of an async function. */
  adopted: Promise<unknown> | null;
  /** The future that its job returns. */
  source: Future<unknown> | null;
  /** It has waited by a bare `yield future`, which is handed the result; `yield*` asks the future itself. */
  yielded: boolean;
}

export class Task<T> extends Future<T> implements Runnable, Waiter, Link {
  /** @internal null outside of the list */
  older: Link | null = null;
  /** @internal null outside of the list */
  newer: Link | null = null;
  /** The job before the first step, its coroutine after; null when it has neither to run on. */
  private work: Job<T> | Coroutine<T> | null;
  private parkedOn: Future<unknown> | null = null;
  private rare: Rare | null = null;
  /** @internal counted per loop, from 1 */
  readonly id: number;

  /** Made by `loop.spawn()`. */
  constructor(scheduler: Scheduler, job: Job<T>, options?: SpawnOptions) {
    super(scheduler);
    if (typeof job !== 'function') {
      throw new InvalidJobError(
        `a job is a generator function, an async function or a plain function, but got ${quote(job)}: ` +
          'pass the function itself, without calling it',
      );
    }
    this.work = job;
    this.id = ++scheduler.spawned;
    if (options !== undefined) {
      const rare = this.seldom();
      rare.name = options.name;
      rare.priority = options.priority ?? 0;
    }
    if (scheduler.watch !== null) scheduler.watch.spawned(this as Task<unknown>);
    scheduler.soon(this);
  }

  get name(): string {
    return this.rare?.name ?? `task-${this.id}`;
  }

  /** Higher runs sooner, where the loop's strategy looks at it. */
  get priority(): number {
    return this.rare?.priority ?? 0;
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
    const rare = this.seldom();
    rare.controller ??= new AbortController();
    return rare.controller.signal;
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
      inner.rare?.controller?.abort(new CancelledError(message));
      const next = inner.joins;
      if (next === null) {
        if (inner !== (this as Task<unknown>)) this.seldom().asked = new CancelledError(message);
        return inner.interrupt(message);
      }
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
    if (this.scheduler.watch !== null) return this.runWatched(this.scheduler.watch);
    try {
      this.step();
    } catch (error) {
      this.fail(error);
    }
  }

  /** @internal the future it waits for is done */
  settled(): void {
    this.scheduler.soon(this);
  }

  /** @internal Its own result is the job's to make; what the job only passed on can be given back. */
  override discarded(): void {
    if (this.rare !== null && !this.hasFailed) this.rare.source?.discarded();
  }

  /** @internal */
  override label(): string {
    return `task ${quote(this.name)}`;
  }

  /** @internal */
  override get title(): string {
    return this.name;
  }

  /** @internal Its job will return `source`, which is under way: it is cancelled with the task, though that never begins. */
  follows(source: Future<T>): this {
    this.seldom().source = source;
    return this;
  }

  private seldom(): Rare {
    this.rare ??= {
      name: undefined,
      priority: 0,
      cancelling: null,
      asked: null,
      controller: null,
      adopted: null,
      source: null,
      yielded: false,
    };
    return this.rare;
  }

  private get adopted(): Promise<unknown> | null {
    return this.rare === null ? null : this.rare.adopted;
  }

  /** The task it waits for, while that one is not done. */
  private get joins(): Task<unknown> | null {
    const { parkedOn } = this;
    return parkedOn instanceof Task && !parkedOn.done ? parkedOn : null;
  }

  /** Whether it is `task`, or waits for it in the end, as far as it is worth looking. */
  private leadsTo(task: Task<unknown>): boolean {
    if (this.parkedOn === null) return (this as Task<unknown>) === task; // as a rule
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
      this.endCancelled(message);
      return true;
    }
    // What we wait for, once cancelled, wakes us with its CancelledError. Where it declines (it is
    // done already and we are in the ready ring), or where we wait for nothing, we throw our own.
    if (this.parkedOn !== null && this.parkedOn.cancel(message)) return true;
    this.seldom().cancelling = new CancelledError(message ?? `${this.name} was cancelled`);
    return true;
  }

  /** What is to be thrown in, once. */
  private takeCancelling(): CancelledError | null {
    const { rare, parkedOn } = this;
    if (rare === null) return null;
    const { cancelling, asked } = rare;
    rare.cancelling = null;
    if (asked === null) return cancelling;
    rare.asked = null;
    // What was cancelled in its place failed otherwise, in its clean-up: the request stands, for when it waits again.
    if (parkedOn?.hasError === true && !(parkedOn.value instanceof CancelledError)) {
      rare.cancelling = asked;
    }
    return cancelling;
  }

  private runWatched(watch: Instruments): void {
    if (this.done) return;
    const began = performance.now();
    try {
      this.step();
    } catch (error) {
      this.fail(error);
    }
    watch.stepped(this as Task<unknown>, began, performance.now());
    if (this.parkedOn !== null) watch.parked(this as Task<unknown>, this.parkedOn);
  }

  private step(): void {
    const { work, parkedOn } = this;
    if (work === null) return; // done meanwhile
    const cancelling = this.rare === null ? null : this.takeCancelling();
    if (typeof work === 'function') {
      if (cancelling === null) return this.begin(work);
      // Cancelled before its first step: it never runs.
      this.rare?.source?.cancel(cancelling.message);
      throw cancelling;
    }
    this.parkedOn = null;
    if (cancelling !== null) {
      parkedOn?.discarded();
      this.react(work.throw(cancelling));
    } else if (parkedOn === null || this.rare?.yielded !== true) {
      this.react(work.next());
    } else if (parkedOn.hasFailed) {
      this.react(work.throw(parkedOn.failure()));
    } else {
      this.react(work.next(parkedOn.value));
    }
  }

  private begin(job: Job<T>): void {
    const outcome = job(this.scheduler.loop, this as Task<unknown>);
    if (isCoroutine<T>(outcome)) {
      if (outcome instanceof Future) this.seldom().source = outcome;
      this.work = outcome;
      this.react(outcome.next());
    } else if (isThenable<T>(outcome)) {
      this.work = null;
      this.adopt(outcome);
    } else {
      this.succeed(outcome);
    }
  }

  private react(step: IteratorResult<Suspension, T>): void {
    // It comes from `yield*`: see `future.ts`. Asked first, since it needs no look at a field, which takes longer
    // the more kinds of futures a program waits for.
    if (step instanceof Future && (step as unknown) !== this.work) return this.park(step);
    const { value } = step;
    if (step.done === true) return this.succeed(value as T);
    if (value === undefined) return this.scheduler.soon(this);
    if (!(value instanceof Future)) return this.throwIn(invalidYield(this, value));
    this.seldom().yielded = true;
    this.park(value);
  }

  private park(on: Future<unknown>): void {
    if (on instanceof Task && on.leadsTo(this as Task<unknown>)) {
      return this.throwIn(selfAwait(this as Task<unknown>, on));
    }
    this.parkedOn = on;
    if (this.newer === null) this.scheduler.waited.add(this as Task<unknown>);
    on.wait(this);
    if (this.rare === null || this.rare.cancelling === null) return;
    // Cancelled while it was running, by itself or by what it called: before it parks for good.
    if (on.cancel(this.rare.cancelling.message)) this.rare.cancelling = null;
  }

  /** A mistake of the coroutine's is thrown where it was made, so that its own stack shows it. */
  private throwIn(error: Error): void {
    this.react((this.work as Coroutine<T>).throw(error));
  }

  private adopt(promise: PromiseLike<T>): void {
    const own = Promise.resolve(promise);
    const cancelling = this.takeCancelling(); // by the part of the function that has just run
    this.seldom().adopted = own;
    this.scheduler.waited.add(this as Task<unknown>);
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
    const cancelling = this.rare === null ? null : this.takeCancelling();
    // Cancelled during the step that turned out to be its last: the request came first.
    if (cancelling !== null) {
      this.rare?.source?.discarded();
      return this.endCancelled(cancelling.message);
    }
    this.finish();
    super.setResult(value);
    if (this.scheduler.watch !== null) this.scheduler.watch.completed(this as Task<unknown>);
  }

  private fail(error: unknown): void {
    if (error instanceof CancelledError) return this.endCancelled(error.message);
    this.finish();
    super.setError(error);
    this.scheduler.watch?.completed(this as Task<unknown>);
  }

  private endCancelled(message: string | undefined): void {
    this.finish();
    super.cancel(message);
    this.scheduler.watch?.cancelled(this as Task<unknown>);
  }

  private finish(): void {
    if (this.newer !== null) this.scheduler.waited.remove(this as Task<unknown>);
    this.work = null;
    this.parkedOn = null;
    const { rare } = this;
    if (rare === null) return;
    rare.cancelling = null;
    rare.asked = null;
    rare.adopted = null;
  }

  private refuseSettling(): never {
    throw new InvalidStateError(
      `${this.label()} gets its result from its job: to end it early call cancel(), ` +
        'to settle by hand use loop.future()',
    );
  }
}
