/**
 * Waiting for many: asyncio's combinators, with its semantics.
 *
 *   gather          all results, in order            the first error is raised, the others go on
 *   wait            who is done, who is not          never raises, never cancels
 *   asCompleted     results as they come             in the order of completion
 *   firstCompleted  the first n results              the rest is cancelled and has cleaned up
 *   timeout         a result, or TimeoutError        what was too late is cancelled and has cleaned up
 *   shield          a result                         cancelling the wait does not reach the work
 *
 * Each takes futures, tasks or jobs; a job is spawned. Each returns a future, so that a coroutine
 * waits for it with `yield*` and an async function with `await`.
 */
import { CancelledError, InvalidArgumentError, TimeoutError, checkDelay, quote } from './errors.js';
import { Future, type Coroutine, type Waiter } from './future.js';
import type { Job, Loop } from './policy.js';
import type { Scheduler } from './scheduler.js';
import type { Task } from './task.js';
import type { Timer } from './timer-heap.js';

/** What can be waited for: a future, a task (which is one), or a job, which is spawned. */
export type Awaitable<T> = Future<T> | Job<T>;

/** The types of the results of `Items`. */
export type ResultsOf<Items extends readonly unknown[]> = {
  -readonly [K in keyof Items]: Items[K] extends Awaitable<infer T> ? T : never;
};

export interface GatherOptions {
  /** Errors stand in the list in place of results, and none is raised. */
  returnErrors?: boolean;
}

/**
 * All results, in the order of `items`. The first error is raised at once and the others go on,
 * unless `returnErrors`. Cancelling it cancels every item that is not done.
 */
export function gather<Items extends readonly Awaitable<unknown>[]>(
  loop: Loop,
  items: readonly [...Items],
  options: GatherOptions = {},
): Future<ResultsOf<Items>> {
  const futures = begin(loop, items, 'gather');
  return new Gathering(loop, futures, options.returnErrors ?? false) as Future<ResultsOf<Items>>;
}

class Gathering extends Future<unknown[]> {
  private readonly futures: readonly Future<unknown>[];
  private readonly returnErrors: boolean;
  private left: number;
  private cancelling: string | null = null;

  constructor(loop: Loop, futures: readonly Future<unknown>[], returnErrors: boolean) {
    super(schedulerOf(loop));
    this.futures = futures;
    this.returnErrors = returnErrors;
    this.left = futures.length;
    if (this.left === 0) this.setResult([]);
    for (const future of futures) follow(this, future, () => this.one(future));
  }

  /** It is cancelled once every item has ended: their clean-up is part of the wait. */
  override cancel(message?: string): boolean {
    if (this.done) return false;
    this.cancelling = message ?? 'the gather was cancelled';
    let asked = false;
    for (const future of this.futures) asked = future.cancel(message) || asked;
    return asked || super.cancel(message);
  }

  override label(): string {
    return `a gather of ${this.futures.length}`;
  }

  override failure(): unknown {
    for (const future of this.futures) if (future.hasError) future.failure();
    return super.failure();
  }

  private one(future: Future<unknown>): void {
    this.left--;
    if (this.done) return;
    if (future.hasFailed && !this.returnErrors && this.cancelling === null) {
      this.setError(future.value);
    } else if (this.left === 0) {
      if (this.cancelling !== null) super.cancel(this.cancelling);
      else
        this.setResult(this.futures.map((one) => (one.hasFailed ? one.failure() : one.result())));
    }
  }
}

export interface WaitOptions {
  /** `all` (the default), `first` to complete, or `firstError` (else all). */
  until?: 'all' | 'first' | 'firstError';
  /** Give back what there is after so many ms. */
  timeout?: number;
}

export interface Waited<T> {
  readonly done: Set<Future<T>>;
  readonly pending: Set<Future<T>>;
}

/**
 * Waits until some or all are done and says which. It neither raises an item's error nor cancels an
 * item, not even when the wait itself times out or is cancelled.
 */
export function wait<T>(
  loop: Loop,
  items: Iterable<Awaitable<T>>,
  options: WaitOptions = {},
): Future<Waited<T>> {
  const { until = 'all', timeout: ms } = options;
  if (until !== 'all' && until !== 'first' && until !== 'firstError') {
    throw new InvalidArgumentError(
      `wait() waits until 'all', 'first' or 'firstError', but got ${quote(until)}`,
    );
  }
  if (ms !== undefined) checkDelay(ms, 'the timeout of wait');
  const futures = new Set(begin(loop, items, 'wait'));
  if (futures.size === 0) {
    throw new InvalidArgumentError('wait() got nothing to wait for: pass at least one item');
  }
  const future = new Future<Waited<T>>(schedulerOf(loop));
  let left = futures.size;
  const waiter = (one: Future<T>) => ({
    settled: () => {
      left--;
      if (left === 0 || until === 'first' || (until === 'firstError' && one.hasError)) finish();
    },
    watches: true, // whoever gets the sets has yet to look at an item's error
  });
  const waiters = new Map([...futures].map((one) => [one, waiter(one)] as const));
  const timer = ms === undefined ? null : loop.callLater(ms, finish);
  function finish(): void {
    if (!future.done) future.setResult(split(futures));
  }
  for (const [one, own] of waiters) one.wait(own);
  future.wait({
    settled: () => {
      timer?.cancel();
      for (const [one, own] of waiters) one.unwait(own);
    },
  });
  return future;
}

function split<T>(futures: Set<Future<T>>): Waited<T> {
  const done = new Set([...futures].filter((one) => one.done));
  return { done, pending: new Set([...futures].filter((one) => !one.done)) };
}

/**
 * Futures of the results in the order of completion: `for (const next of asCompleted(…))`, and
 * `yield* next` in the loop. With a timeout, those that are late fail with TimeoutError; nothing is
 * cancelled.
 */
export function asCompleted<T>(
  loop: Loop,
  items: Iterable<Awaitable<T>>,
  options: { timeout?: number } = {},
): Future<T>[] {
  const { timeout: ms } = options;
  if (ms !== undefined) checkDelay(ms, 'the timeout of asCompleted');
  const futures = begin(loop, items, 'asCompleted');
  const places = futures.map(() => new Future<T>(schedulerOf(loop)));
  let next = 0;
  let timer: Timer | null = null;
  // A place that somebody has cancelled meanwhile is passed over: no result is lost to it.
  const place = (): Future<T> | undefined => {
    while (places[next]?.done === true) next++;
    const found = places[next++];
    if (next >= places.length) timer?.cancel();
    return found;
  };
  for (const one of futures) {
    one.wait({
      settled: () => {
        const to = place();
        if (one.hasFailed) {
          const error = one.failure();
          to?.offerError(error);
        } else to?.offer(one.result());
      },
    });
  }
  if (ms !== undefined && next < places.length) {
    timer = loop.callLater(ms, () => {
      const late = places.filter((one) => !one.done);
      for (const one of late) one.setError(tooLate('asCompleted', ms, `${late.length} items`));
    });
  }
  return places;
}

export interface FirstCompletedOptions {
  /** Only results count; when too few can come, all errors are raised as an AggregateError. */
  ignoreErrors?: boolean;
}

/**
 * The results of the first `n` to complete, in that order. The others are cancelled, and have
 * cleaned up when it is done. An error among the first `n` is raised, unless `ignoreErrors`.
 */
export function firstCompleted<T>(
  loop: Loop,
  items: Iterable<Awaitable<T>>,
  n = 1,
  options: FirstCompletedOptions = {},
): Task<T[]> {
  const all = check(items, 'firstCompleted');
  if (!Number.isInteger(n) || n < 1 || n > all.length) {
    throw new InvalidArgumentError(
      `firstCompleted(): n is a whole number from 1 to the number of items, ${all.length}, ` +
        `but got ${quote(n)}`,
    );
  }
  let began = false;
  const race = loop.spawn(
    function* () {
      began = true;
      const futures = begin(loop, all, 'firstCompleted');
      const results: T[] = [];
      const errors: unknown[] = [];
      try {
        for (const next of asCompleted(loop, futures)) {
          try {
            results.push(yield* next);
          } catch (error) {
            // Our own cancellation comes as an error, too, but is not the outcome of an item.
            const own = next.cancelled || !next.hasFailed || next.failure() !== error;
            if (own || options.ignoreErrors !== true) throw error;
            errors.push(error);
          }
          if (results.length === n) return results;
        }
      } finally {
        yield* cancelAll(loop, futures);
      }
      throw new AggregateError(
        errors,
        `firstCompleted(): ${results.length} of the ${n} results asked for came, ${errors.length} items failed`,
      );
    },
    { name: 'firstCompleted' },
  );
  // Cancelled before its first step it never runs: no job has begun, but futures it was handed have.
  race.wait({
    settled: () => {
      if (!began) for (const item of all) if (item instanceof Future) item.cancel();
    },
    watches: true,
  });
  return race;
}

/**
 * The item's result if it comes within `ms`. Otherwise the item is cancelled, has time to clean up,
 * and TimeoutError is raised.
 */
export function timeout<T>(loop: Loop, ms: number, item: Awaitable<T>): Future<T> {
  checkDelay(ms, 'timeout');
  const [future] = begin(loop, [item], 'timeout') as [Future<T>];
  return new Deadline(loop, ms, future);
}

/** Ends as its item ends, which is at the latest when that has cleaned up. */
class Deadline<T> extends Future<T> {
  private readonly item: Future<T>;
  private readonly ms: number;
  private readonly timer: Timer;
  private late = false;

  constructor(loop: Loop, ms: number, item: Future<T>) {
    super(schedulerOf(loop));
    this.item = item;
    this.ms = ms;
    this.timer = loop.callLater(ms, () => {
      this.late = true;
      item.cancel();
    });
    follow(this, item, () => this.ended());
  }

  /** It is no longer a question of time: what the item makes of this is what comes. */
  override cancel(message?: string): boolean {
    if (this.done) return false;
    this.timer.cancel();
    this.late = false;
    return this.item.cancel(message);
  }

  override discarded(): void {
    this.item.discarded();
  }

  override label(): string {
    return this.item.label();
  }

  override failure(): unknown {
    if (this.item.hasError) this.item.failure();
    return super.failure();
  }

  private ended(): void {
    const { item } = this;
    this.timer.cancel();
    if (!item.hasFailed) this.setResult(item.result());
    else if (!item.cancelled) this.setError(item.value);
    else if (this.late) this.setError(tooLate('timeout', this.ms, item.label()));
    else super.cancel((item.value as CancelledError).message);
  }
}

/** The item's result. Cancelling the wait leaves the item alone. */
export function shield<T>(loop: Loop, item: Awaitable<T>): Future<T> {
  const [inner] = begin(loop, [item], 'shield') as [Future<T>];
  return new Shield(loop, inner);
}

class Shield<T> extends Future<T> {
  private readonly item: Future<T>;

  constructor(loop: Loop, item: Future<T>) {
    super(schedulerOf(loop));
    this.item = item;
    const waiter = follow(this, item, () => {
      if (!item.hasFailed) this.offer(item.result());
      else if (item.cancelled) this.cancel((item.value as CancelledError).message);
      else this.offerError(item.value);
    });
    // Once nobody waits through here, an error of the item's is nobody's to look at, and is reported.
    this.wait({ settled: () => item.unwait(waiter), watches: true });
  }

  override label(): string {
    return this.item.label();
  }

  override failure(): unknown {
    if (this.item.hasError) this.item.failure();
    return super.failure();
  }
}

/**
 * Waits for an item on behalf of `outer`: its error is nobody's to look at, and will be reported,
 * while nobody waits for `outer`; whoever looks at that has seen it.
 */
function follow(outer: Future<unknown>, item: Future<unknown>, settled: () => void): Waiter {
  const waiter: Waiter = {
    settled,
    get watches() {
      return !outer.done && !outer.awaited;
    },
  };
  item.wait(waiter);
  return waiter;
}

/** Cancels what is not done and waits until it has ended, whatever becomes of it. */
export function* cancelAll(loop: Loop, futures: Iterable<Future<unknown>>): Coroutine<void> {
  const left = [...futures].filter((one) => !one.done);
  for (const one of left) one.cancel();
  const ending = left.filter((one) => !one.done);
  if (ending.length > 0) yield* wait(loop, ending);
}

/** The futures of the items. Nothing is spawned unless all of them can be waited for. */
function begin<T>(loop: Loop, items: Iterable<Awaitable<T>>, verb: string): Future<T>[] {
  const checked = check(items, verb);
  return checked.map((item) => (item instanceof Future ? item : loop.spawn(item)));
}

function check<T>(items: Iterable<Awaitable<T>>, verb: string): Awaitable<T>[] {
  const all = [...items];
  for (const item of all) {
    if (item instanceof Future || typeof item === 'function') continue;
    throw new InvalidArgumentError(
      `${verb}() takes futures, tasks and jobs, but got ${quote(item)}: ` +
        'pass a job as its function, and a promise as loop.adopt(promise)',
    );
  }
  return all;
}

function tooLate(verb: string, ms: number, what: string): TimeoutError {
  return new TimeoutError(`${verb}(): ${what} took longer than ${ms} ms`);
}

function schedulerOf(loop: Loop): Scheduler {
  return loop.future().scheduler;
}
