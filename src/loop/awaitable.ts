/** What all combinators accept, and how they follow it. */
import { InvalidArgumentError, TimeoutError, quote } from './errors.js';
import { Future, type Waiter } from './future.js';
import type { Job, Loop } from './policy.js';
import type { Scheduler } from './scheduler.js';

/** What can be waited for: a future, a task (which is one), or a job, which is spawned. */
export type Awaitable<T> = Future<T> | Job<T>;

/** The futures of the items. Nothing is spawned unless all of them can be waited for. */
export function begin<T>(loop: Loop, items: Iterable<Awaitable<T>>, verb: string): Future<T>[] {
  const checked = check(items, verb);
  return checked.map((item) => (item instanceof Future ? item : loop.spawn(item)));
}

export function check<T>(items: Iterable<Awaitable<T>>, verb: string): Awaitable<T>[] {
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

export function tooLate(verb: string, ms: number, what: string): TimeoutError {
  return new TimeoutError(`${verb}(): ${what} took longer than ${ms} ms`);
}

export function schedulerOf(loop: Loop): Scheduler {
  return loop.future().scheduler;
}

/** A future whose outcome comes of other futures, its items. */
export interface Outer extends Future<unknown> {
  /** @internal an item is done */
  ended(item: Future<unknown>): void;
}

/**
 * Waits for an item on behalf of `outer`. While nobody waits for `outer`, an error of the item has no caller and is
 * reported. Whoever looks at `outer` has seen the error.
 */
export function follow(outer: Outer, item: Future<unknown>): Waiter {
  const follower = new Follower(outer, item);
  item.wait(follower);
  return follower;
}

class Follower implements Waiter {
  readonly takes = true;
  private readonly outer: Outer;
  private readonly item: Future<unknown>;

  constructor(outer: Outer, item: Future<unknown>) {
    this.outer = outer;
    this.item = item;
  }

  get watches(): boolean {
    return !this.outer.done && !this.outer.awaited;
  }

  settled(): void {
    this.outer.ended(this.item);
  }
}
