/** The errors of loops and policies. A name is part of the API. */
import { LoopdynoError, quote } from '../text/errors.js';

export { InvalidArgumentError, LoopdynoError, quote } from '../text/errors.js';

/** Thrown inside a task at its next step when it is cancelled, and by reading a cancelled future. */
export class CancelledError extends LoopdynoError {
  constructor(message = 'the task was cancelled') {
    super(message);
  }
}

/** A deadline passed before the work was done. */
export class TimeoutError extends LoopdynoError {}

/** A future was settled twice, or read before it was settled. */
export class InvalidStateError extends LoopdynoError {}

/** The loop is closed; open another one with `policy.open()`. */
export class LoopClosedError extends LoopdynoError {}

/** A loop that is running was asked to run, step or close. */
export class LoopRunningError extends LoopdynoError {}

/** `stop()` ended a `run` before its job was complete. */
export class LoopStoppedError extends LoopdynoError {}

/** A coroutine yielded something a loop cannot wait for. */
export class InvalidYieldError extends LoopdynoError {}

/** A value was given where a job (or a portable job) is expected. */
export class InvalidJobError extends LoopdynoError {}

/** A delay or time that is negative, NaN or no number. */
export class InvalidDelayError extends LoopdynoError {}

/** A task waits for itself, directly or through other tasks. */
export class SelfAwaitError extends LoopdynoError {}

/** Nothing is left that could ever complete what is being waited for. */
export class DeadlockError extends LoopdynoError {}

/** The policy cannot do this; its `capabilities` say so beforehand. */
export class NotSupportedError extends LoopdynoError {}

/** The policy cannot be opened on this machine; `probe()` gives the same reason and remedy. */
export class PolicyUnavailableError extends LoopdynoError {}

/** A loop was asked to block its thread where promise reactions could not run meanwhile. */
export class NestedRunError extends LoopdynoError {}

/** A stream was used in a way its state does not allow (read twice at once, write after end). */
export class StreamStateError extends LoopdynoError {}

/** A portable job's module cannot be loaded, or lacks the named export. */
export class JobModuleError extends LoopdynoError {}

/** A portable job's input or result cannot be copied to another thread. */
export class JobCloneError extends LoopdynoError {}

/** The worker that a job was on ended before the job did; `cause` is the error that it left. */
export class WorkerExitError extends LoopdynoError {
  /** How many jobs were lost with the worker, this one included. */
  readonly jobs: number;

  constructor(message: string, options?: ErrorOptions & { readonly jobs?: number }) {
    super(message, options);
    this.jobs = options?.jobs ?? 1;
  }
}

/** The worker that a job was on ran out of memory. */
export class WorkerOutOfMemoryError extends WorkerExitError {}

/** The worker that a job was on was ended in order to stop another, cancelled job. */
export class JobAbortedError extends WorkerExitError {}

/** A pool's queue is as long as `maxQueue` allows. */
export class QueueFullError extends LoopdynoError {}

/** A job was taken up as often as its queue allows, and each time its agent ended before it answered. */
export class PoisonedJobError extends WorkerExitError {}

/** Agents have another version of the job's module than the program that submitted it. */
export class JobVersionError extends JobModuleError {}

/** The input or the result of a job is larger than the largest message of the server. */
export class JobTooLargeError extends JobCloneError {}

/** The server would not store a job, or its answer: its disk or its limit is full, for example. */
export class JobStoreError extends LoopdynoError {}

export function checkDelay(ms: number, what: string): void {
  if (typeof ms !== 'number' || !(ms >= 0)) {
    throw new InvalidDelayError(
      `${what} takes milliseconds, zero or more, but got ${quote(ms)}: pass a number >= 0`,
    );
  }
}
