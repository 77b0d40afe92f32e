/** Small things that several groups use. */
import type { Coroutine } from '../loop/future.js';
import type { Loop } from '../loop/policy.js';

/** Lets a coroutine's loop take `count` more turns. */
export function* turns(count: number): Coroutine<void> {
  for (let i = 0; i < count; i++) yield;
}

/** The next macrotask of the host: its IO, its timers and every promise reaction have had a turn. */
export function hostTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What `work` throws. */
export function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return new Error('nothing was thrown');
}

/** What a promise rejects with. */
export async function rejectionOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return new Error('it did not reject');
}

/** Runs the loop until everything that is ready, and what becomes ready by it, has run. */
export async function settle(loop: Loop): Promise<void> {
  await loop.run(() => turns(5));
}
