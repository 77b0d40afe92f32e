/**
 * The session of a workload that is made of independent jobs: a closed loop that keeps
 * `concurrency` of them submitted, as that many lanes which each take the next input when their
 * last job is done.
 */
import { createHash } from 'node:crypto';
import { LoopdynoError, quote } from '../loop/errors.js';
import type { Coroutine } from '../loop/future.js';
import type { Loop, PortableJob } from '../loop/policy.js';
import type { Session } from './workload.js';

/** A job's result differed from the one that was verified. */
export class WrongResultError extends LoopdynoError {}

export interface JobSessionOptions<I> {
  /** Returns a short text that depends on all that it computed. */
  readonly job: PortableJob<I, string>;
  /** Taken in turn, again and again. */
  readonly inputs: readonly I[];
  /** Jobs in flight at the same time. */
  readonly concurrency: number;
}

export function jobSession<I>(loop: Loop, options: JobSessionOptions<I>): Session {
  const { job, inputs, concurrency } = options;
  const verified: string[] = [];
  let next = 0;

  function* lane(end: number): Coroutine<void> {
    while (next < end) {
      const index = next++ % inputs.length;
      const result = yield* loop.submit(job, inputs[index] as I);
      const expected = verified[index];
      if (result !== expected) throw wrongResult(job.export, index, expected, result);
    }
  }

  return {
    concurrency,
    *verify() {
      for (const input of inputs) verified.push(yield* loop.submit(job, input));
      return createHash('sha256').update(verified.join('\n')).digest('hex').slice(0, 16);
    },
    *batch(jobs) {
      const end = next + jobs;
      const lanes = Math.min(concurrency, jobs);
      const tasks = [];
      for (let i = 0; i < lanes; i++) tasks.push(loop.spawn(() => lane(end)));
      for (const task of tasks) yield* task;
    },
    *close() {},
  };
}

function wrongResult(job: string, input: number, expected: unknown, result: unknown): Error {
  return new WrongResultError(
    `job ${job} gave ${quote(result)} for input ${input}, but ${quote(expected)} when it was verified: ` +
      'a workload must give the same result for the same input each time',
  );
}
