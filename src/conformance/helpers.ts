/** Helpers that several groups use. */
import type { Future } from '../loop/future.js';
import type { Coroutine, Job, Loop } from '../loop/policy.js';

/** Lets a coroutine's loop take `count` more turns. */
export function* turns(count: number): Coroutine<void> {
  for (let i = 0; i < count; i++) yield;
}

/** Resolves in the host's next macrotask: its IO, its timers and every promise reaction have had a turn. */
export function hostTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The error that `work` throws. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return new Error('nothing was thrown');
}

/** The error with which a promise rejects. */
export async function rejectionOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return new Error('it did not reject');
}

/** Runs the loop until everything that is ready, and everything that this makes ready, has run. */
export async function settle(loop: Loop): Promise<void> {
  await loop.run(() => turns(5));
}

/**
 * A job that gives `value` later: the greater `when`, the later. It counts turns and not time, so that jobs which begin
 * together end in this order on a busy machine, too.
 */
export function after<T>(when: number, value: T): Job<T> {
  return function* () {
    yield* turns(3 * when);
    return value;
  };
}

/** Like `after`, but the job fails with `error`. */
export function failAfter(when: number, error: unknown): Job<never> {
  return function* () {
    yield* turns(3 * when);
    throw error;
  };
}

/** A job that sleeps until it is cancelled. */
export function* asleep(loop: Loop): Coroutine<never> {
  for (;;) yield* loop.io.sleep(60_000);
}

/** A job that waits until it is cancelled. Its clean-up also waits, and is logged when it is done. */
export function careful(log: string[], name = 'it'): Job<never> {
  return function* (loop) {
    try {
      return yield* asleep(loop);
    } finally {
      yield* loop.io.sleep(1);
      yield* turns(2);
      log.push(`${name} cleaned up`);
    }
  };
}

/** The result of a future, or its error. */
export function* outcomeOf<T>(future: Future<T>): Coroutine<unknown> {
  try {
    return yield* future;
  } catch (error) {
    return error;
  }
}

/** Waits until `isSo` returns true; fails after some seconds. */
export function* until(loop: Loop, isSo: () => boolean): Coroutine<void> {
  for (let waited = 0; !isSo(); waited++) {
    if (waited > 5000) throw new Error(`it never came to be: ${isSo.toString()}`);
    yield* loop.io.sleep(1);
  }
}
