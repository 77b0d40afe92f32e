/**
 * Jobs that go wrong, each in its own way: for the settlement tests, and for `npm run pool:settlement`, which gives the
 * same jobs to every pool.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Loop } from '../../../src/loop/policy.js';

export const identity = (input: unknown): unknown => input;

export const throws = (): never => {
  throw new TypeError('thrown by the job');
};

export const exits = (): never => process.exit(3);

/** Returns a result, and throws a moment later. */
export const throwsAfter = (): string => {
  setTimeout(() => {
    throw new Error('thrown after the job');
  }, 5);
  return 'done';
};

/** Throws in a callback of its own, while it waits for something else. */
export const throwsBeside = async (): Promise<void> => {
  setTimeout(() => {
    throw new Error('thrown beside the job');
  }, 5);
  await delay(60_000);
};

export const rejectsBeside = async (): Promise<void> => {
  void Promise.reject(new Error('rejected beside the job'));
  await delay(60_000);
};

export const fillsMemory = (): number => {
  const held: number[][] = [];
  for (;;) held.push(Array.from({ length: 100_000 }, (_, i) => i + held.length));
};

export const givesFunction = (): unknown => ({ call: () => 1 });

export const givesThrowingGetter = (): unknown => ({
  get value(): never {
    throw new Error('thrown by a getter');
  },
});

export const throwsWeird = (): never => {
  const error = new Error('weird');
  error.cause = error;
  Object.assign(error, { held: () => 1 });
  throw error;
};

export const waits = async (): Promise<void> => {
  await delay(60_000);
};

export const spins = (): void => {
  for (let i = 0; ; i++) if (i < 0) break;
};

/** Blocks its thread, and with it the thread's event loop. */
export const blocks = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

/** Ends the worker if it gets -1. */
export const exitsOnMinusOne = (input: number): number => (input === -1 ? process.exit(3) : input);

/** Computes for a fraction of a ms. */
export const whichProcess = (): number => {
  for (let i = 0; i < 100_000; i++) if (i < 0) break;
  return process.pid;
};

export const killed = (): unknown => {
  process.kill(process.pid, 'SIGKILL');
  return delay(60_000);
};

/** Waits for `ms`, then gives `value`. */
export const later = async ({ ms, value }: { ms: number; value: unknown }): Promise<unknown> => {
  await delay(ms);
  return value;
};

/** Ends the worker after a moment, while other jobs run in it. */
export const exitsLater = async (): Promise<never> => {
  await delay(30);
  process.exit(4);
};

/** `identity` and `later` with the parameters of our jobs; the others have no input. */
export const portableIdentity = (_loop: Loop, input: unknown): unknown => input;
export const portableExitsOnMinusOne = (_loop: Loop, input: number): number =>
  exitsOnMinusOne(input);
export const portableLater = (_loop: Loop, input: Parameters<typeof later>[0]): Promise<unknown> =>
  later(input);
