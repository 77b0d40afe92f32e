/**
 * Waiting for many: asyncio's combinators, with its semantics.
 *
 *   gather          all results, in order            the first error is raised, the others go on
 *   wait            which are done, which not        never raises, never cancels
 *   asCompleted     results as they come             in the order of completion
 *   firstCompleted  the first n results              the rest is cancelled and has cleaned up
 *
 * Each takes futures, tasks or jobs; a job is spawned. Each returns a future, so that a coroutine
 * waits for it with `yield*` and an async function with `await`.
 */
import { begin, check, follow, schedulerOf, tooLate, type Awaitable } from './awaitable.js';
import { InvalidArgumentError, checkDelay, quote } from './errors.js';
import { Future } from './future.js';
import { Handover } from './handover.js';
import type { Coroutine, Loop, Timer } from './policy.js';
import type { Task } from './task.js';

/** The types of the results of `Items`. */
export type ResultsOf<Items extends readonly unknown[]> = {
  -readonly [K in keyof Items]: Items[K] extends Awaitable<infer T> ? T : never;
};

export interface GatherOptions {
  /** Errors take the place of results in the list, and none is raised. */
  returnErrors?: boolean;
}

/**
 * All results, in the order of `items`. The first error is raised at once and the other items go on, unless
 * `returnErrors`. Cancelling the gather cancels every item that is not done.
 */
export function gather<Items extends readonly Awaitable<unknown>[]>(
  loop: Loop,
  items: readonly [...Items],
  options: GatherOptions = {},
): Future<ResultsOf<Items>> {
  const futures = begin(loop, items, 'gather');
  return new Gathering(loop, futures, options.returnErrors ?? false) as Future<ResultsOf<Items>>;
}

class Gathering extends Handover<unknown[]> {
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
    for (const future of futures) follow(this, future);
  }

  /** It is cancelled once every item has ended: their clean-up is part of the wait. */
  override cancel(message?: string): boolean {
    if (this.done) return false;
    this.cancelling = message ?? 'the gather was cancelled';
    let asked = false;
    for (const future of this.futures) asked = future.cancel(message) || asked;
    return asked || super.cancel(message);
  }

  protected override giveBack(): void {
    for (const future of this.futures) future.discarded();
  }

  override label(): string {
    return `a gather of ${this.futures.length}`;
  }

  override failure(): unknown {
    for (const future of this.futures) if (future.hasError) future.failure();
    return super.failure();
  }

  /** @internal */
  ended(future: Future<unknown>): void {
    this.left--;
    if (this.done) return;
    if (future.hasFailed && !this.returnErrors && this.cancelling === null) {
      this.passOn(future.value);
    } else if (this.left === 0) {
      if (this.cancelling === null) {
        this.setResult(this.futures.map((one) => (one.hasFailed ? one.failure() : one.value)));
      } else {
        super.cancel(this.cancelling);
        this.giveBack();
      }
    }
  }
}

export interface WaitOptions {
  /** `all` (the default), `first` to complete, or `firstError` (else all). */
  until?: 'all' | 'first' | 'firstError';
  /** Return after this many ms with what is done by then. Default: no limit. */
  timeout?: number;
}

export interface Waited<T> {
  readonly done: Set<Future<T>>;
  readonly pending: Set<Future<T>>;
}

/**
 * Waits until some or all are done and returns which. It neither raises an item's error nor cancels an item, not even
 * when the wait itself times out or is cancelled.
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
    watches: true, // the caller has yet to look at an item's error
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
 * Futures of the results in the order of completion: `for (const next of asCompleted(…))`, and `yield* next` in the
 * loop. With a timeout, late ones fail with TimeoutError; nothing is cancelled.
 */
export function asCompleted<T>(
  loop: Loop,
  items: Iterable<Awaitable<T>>,
  options: { timeout?: number } = {},
): Future<T>[] {
  const { timeout: ms } = options;
  if (ms !== undefined) checkDelay(ms, 'the timeout of asCompleted');
  const futures = begin(loop, items, 'asCompleted');
  const places = futures.map(() => new Place<T>(schedulerOf(loop)));
  let next = 0;
  let timer: Timer | null = null;
  // A place that was cancelled meanwhile is skipped, so no result is lost to it.
  const place = (): Place<T> | undefined => {
    while (places[next]?.done === true) next++;
    const found = places[next++];
    if (next >= places.length) timer?.cancel();
    return found;
  };
  for (const one of futures) {
    one.wait({
      settled: () => {
        const to = place();
        if (to !== undefined) to.take(one);
        else if (one.hasError) one.scheduler.unseen(one, one.value);
      },
    });
  }
  if (ms !== undefined && next < places.length) {
    timer = loop.callLater(ms, () => {
      const late = places.filter((one) => !one.done);
      // Nothing is lost with these places: the items go on.
      for (const one of late)
        one.ignore().setError(tooLate('asCompleted', ms, `${late.length} items`));
    });
  }
  return places;
}

/** Where the next item to complete goes. */
class Place<T> extends Handover<T> {
  private item: Future<T> | null = null;

  take(item: Future<T>): void {
    this.item = item;
    if (item.hasFailed) this.setError(item.failure());
    else this.setResult(item.value as T);
  }

  protected override giveBack(): void {
    this.item?.discarded();
  }

  override label(): string {
    return this.item?.label() ?? 'the next of some';
  }

  override get title(): string {
    return this.item?.title ?? this.label();
  }
}

export interface FirstCompletedOptions {
  /** Only results count. If too few can come, all errors are raised as an AggregateError. */
  ignoreErrors?: boolean;
}

/**
 * The results of the first `n` to complete, in that order. The others are cancelled, and have cleaned up when this is
 * done. A result that one of them got in the same moment is given back, and an error of its clean-up is reported. An
 * error among the first `n` is raised, unless `ignoreErrors`.
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
    () => {
      began = true;
      return firstOf(loop, all, n, options);
    },
    { name: 'firstCompleted' },
  );
  // If it is cancelled before its first step it never runs: no job has begun, but futures passed in have.
  race.wait({
    settled: () => {
      if (began) return;
      for (const item of all) {
        if (item instanceof Future && !item.cancel()) item.discarded();
      }
    },
    watches: true,
  });
  return race;
}

function* firstOf<T>(
  loop: Loop,
  all: readonly Awaitable<T>[],
  n: number,
  options: FirstCompletedOptions,
): Coroutine<T[]> {
  const futures = begin(loop, all, 'firstCompleted');
  const results: T[] = [];
  const errors: unknown[] = [];
  const places = asCompleted(loop, futures);
  let given = 0;
  try {
    for (const next of places) {
      try {
        results.push(yield* next);
      } catch (error) {
        // Our own cancellation arrives as an error, too, but is not the outcome of an item.
        const own = next.cancelled || !next.hasFailed || next.failure() !== error;
        if (own || options.ignoreErrors !== true) throw error;
        errors.push(error);
      }
      if (results.length < n) continue;
      given = n + errors.length;
      return results;
    }
  } finally {
    try {
      yield* cancelAll(loop, futures);
    } finally {
      for (const place of places.slice(given)) {
        if (options.ignoreErrors === true) place.ignore();
        place.discarded();
      }
    }
  }
  throw new AggregateError(
    errors,
    `firstCompleted(): ${results.length} of the ${n} results asked for came, ${errors.length} items failed`,
  );
}

/** Cancels what is not done and waits until it has ended, whatever its outcome. */
export function* cancelAll(loop: Loop, futures: Iterable<Future<unknown>>): Coroutine<void> {
  const left = [...futures].filter((one) => !one.done);
  for (const one of left) one.cancel();
  const ending = left.filter((one) => !one.done);
  if (ending.length > 0) yield* wait(loop, ending);
}
