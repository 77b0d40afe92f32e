/**
 * A future: a result that is not there yet.
 *
 *   pending ──setResult──▶ done, a value          waiters are made ready, in the order in which
 *           ──setError───▶ done, an error         they began to wait
 *           ──cancel─────▶ done, cancelled
 *
 * A coroutine waits with `yield*`. A future is for that *its own iterator and its own step*, since it has `done` and
 * `value`: `next()` answers "me". While it is pending its value is itself, so that the task learns what to wait for.
 * Once it is done its value is the result. So waiting allocates nothing, and waiting for what is done already does not
 * suspend at all. An async function waits with `await`, through `then`.
 *
 * A future is read by its loop's thread only, and settles once.
 */
import { CancelledError, InvalidStateError, quote } from './errors.js';
import type { Suspension } from './policy.js';
import type { Scheduler } from './scheduler.js';

/**
 * What waits for a future. `settled` is called once, as the future settles: a task makes itself
 * ready, a promise resolves at once (V8 defers what follows), a combinator counts.
 */
export interface Waiter {
  settled(): void;
  /** True where it only watches, and leaves the outcome to be looked at by somebody else. */
  readonly watches?: boolean;
  /** Whether the result would be its own; unless it is said, of who does not watch. */
  readonly takes?: boolean;
}

/** Who has asked not to be told. */
const NOBODY: Waiter = { settled() {}, takes: false };

const PENDING = 0;
const RESULT = 1;
const ERROR = 2;
const CANCELLED = 3;
type State = typeof PENDING | typeof RESULT | typeof ERROR | typeof CANCELLED;

export class Future<T> implements PromiseLike<T> {
  /** @internal */
  readonly scheduler: Scheduler;
  private state: State = PENDING;
  /** @internal the result, or the error; while it is pending, itself */
  value: unknown = this;
  private waiters: Waiter | Waiter[] | null = null;

  /** Made by `loop.future()`. */
  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
  }

  get done(): boolean {
    return this.state !== PENDING;
  }

  get cancelled(): boolean {
    return this.state === CANCELLED;
  }

  /** The result. Throws the error it failed with, CancelledError, or InvalidStateError while pending. */
  result(): T {
    if (this.state === RESULT) return this.value as T;
    throw this.state === PENDING
      ? new InvalidStateError(`${this.label()} has no result yet: wait for it with yield* or await`)
      : this.failure();
  }

  /** The error it failed with, `undefined` when it has a result. Throws as `result()` otherwise. */
  error(): unknown {
    if (this.state === RESULT) return undefined;
    if (this.state === ERROR) return this.failure();
    return this.result();
  }

  setResult(value: T): void {
    this.settle(RESULT, value);
  }

  setError(error: unknown): void {
    this.settle(ERROR, error);
  }

  /** Settles as cancelled. False when it was done before. */
  cancel(message?: string): boolean {
    if (this.state !== PENDING) return false;
    this.settle(CANCELLED, new CancelledError(message));
    return true;
  }

  /** Says that nobody cares how it ends: an error of it is not reported. */
  ignore(): this {
    if (this.state === ERROR) this.failure();
    else this.wait(NOBODY);
    return this;
  }

  /** Calls `callback` from the loop, never at once, after the future is done. */
  onDone(callback: (future: this) => void): void {
    const { scheduler } = this;
    const handle = scheduler.handle(() => callback(this));
    this.wait({ settled: () => scheduler.soon(handle), watches: true });
  }

  then<A = T, B = never>(
    onResult?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const native = new Promise<T>((resolve, reject) => {
      this.wait({
        settled: () => {
          if (this.state === RESULT) resolve(this.value as T);
          else reject(this.failure());
        },
      });
    });
    return native.then(onResult, onError);
  }

  [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    return this;
  }

  /** @internal the iterator protocol; see the head of this file */
  next(): IteratorResult<Suspension, T> {
    if (this.hasFailed) throw this.failure();
    return this as IteratorResult<Suspension, T>;
  }

  /** @internal the iterator protocol: what a task throws into a coroutine lands here first */
  throw(error: unknown): IteratorResult<Suspension, T> {
    throw error;
  }

  /** @internal the iterator protocol: the coroutine is being closed while it waits */
  return(value?: T): IteratorResult<Suspension, T> {
    return { done: true, value: value as T };
  }

  /** @internal tells `waiter` once this is done, at once when it is done already */
  wait(waiter: Waiter): void {
    if (this.state !== PENDING) waiter.settled();
    else if (this.waiters === null) this.waiters = waiter;
    else if (Array.isArray(this.waiters)) this.waiters.push(waiter);
    else this.waiters = [this.waiters, waiter];
  }

  /** @internal forgets a waiter that no longer waits */
  unwait(waiter: Waiter): void {
    if (this.waiters === waiter) this.waiters = null;
    else if (Array.isArray(this.waiters)) this.waiters = this.waiters.filter((w) => w !== waiter);
  }

  /** @internal true when somebody will see the outcome */
  get awaited(): boolean {
    const { waiters } = this;
    if (waiters === null) return false;
    if (Array.isArray(waiters)) return waiters.some((waiter) => waiter.watches !== true);
    return waiters.watches !== true;
  }

  /** @internal whether it ended without a result: with an error, or cancelled */
  get hasFailed(): boolean {
    return this.state >= ERROR;
  }

  /** @internal whether it ended with an error, other than being cancelled */
  get hasError(): boolean {
    return this.state === ERROR;
  }

  /** @internal the error of a future that is done and has one; reading it counts as retrieving it */
  failure(): unknown {
    this.scheduler.seen(this);
    return this.value;
  }

  /**
   * @internal One of those who waited will not take the result: it was cancelled meanwhile, or another future was
   * first. What hands out something that must not get lost takes it back here: see `handover.ts`.
   */
  discarded(): void {}

  /** @internal Takes the result back: from here on it is cancelled. */
  protected withdraw(): T {
    const value = this.value as T;
    this.state = CANCELLED;
    this.value = new CancelledError(`the result of ${this.label()} was given back: nobody took it`);
    return value;
  }

  /** @internal as error messages call it */
  label(): string {
    return 'a future';
  }

  /** @internal as reports call it */
  get title(): string {
    return this.label();
  }

  /** @internal settles unless it is done already, as when a cancelled operation completes late */
  offer(value: T): void {
    if (this.state === PENDING) this.settle(RESULT, value);
  }

  /** @internal as `offer`, with an error */
  offerError(error: unknown): void {
    if (this.state === PENDING) this.settle(ERROR, error);
  }

  /** @internal ends with the error of another future, which is reported as that one's */
  protected passOn(error: unknown): void {
    this.settle(ERROR, error, false);
  }

  private settle(state: State, value: unknown, own = true): void {
    if (this.state !== PENDING) {
      const was = this.state === RESULT ? `the result ${quote(this.value)}` : quote(this.value);
      throw new InvalidStateError(
        `${this.label()} is done already, with ${was}; it cannot become ${quote(value)}: ` +
          'settle a future once, and look at `done` where two may race',
      );
    }
    this.state = state;
    this.value = value;
    if (state === ERROR && own && !this.awaited) this.scheduler.unseen(this, value);
    const { waiters } = this;
    if (waiters === null) return;
    this.waiters = null;
    if (Array.isArray(waiters)) for (const waiter of waiters) waiter.settled();
    else waiters.settled();
  }
}
