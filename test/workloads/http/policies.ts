/** The policies that HTTP is tried under, and what each of its tests begins and ends with. */
import {
  microtask,
  queue,
  uv,
  type Coroutine,
  type Job,
  type Loop,
  type LoopPolicy,
} from 'loopdyno';
import { expect } from 'vitest';

const uvThere = (await uv.probe()).ok;
export const policies: readonly LoopPolicy[] = uvThere
  ? [microtask, queue, uv]
  : [microtask, queue];

/** Runs a job on a loop of its own, which nothing may be left on. */
export async function onLoop<T>(policy: LoopPolicy, job: Job<T>): Promise<T> {
  const loop = await policy.open();
  let result: T;
  try {
    result = await loop.run(job);
  } catch (error) {
    await loop.close();
    throw error;
  }
  expect(await loop.close()).toEqual({ pending: [], failures: [], abandoned: [] });
  return result;
}

export function* errorOf(job: () => Coroutine<unknown>): Coroutine<unknown> {
  try {
    return { returned: yield* job() };
  } catch (error) {
    return error;
  }
}

/** Waits, turn by turn, until it is so. */
export function* until(loop: Loop, isSo: () => boolean): Coroutine<void> {
  while (!isSo()) yield* loop.io.sleep(1);
}
