/** The errors of a job whose worker could not, or did not, run it. */
import {
  JobAbortedError,
  JobCloneError,
  JobModuleError,
  WorkerExitError,
  WorkerOutOfMemoryError,
} from '../../loop/errors.js';
import type { Kind } from './kind.js';
import type { End } from './protocol.js';

export function exitError(what: string, noun: string, end: End, jobs: number): WorkerExitError {
  const { error, code, signal, outOfMemory } = end;
  const others = jobs > 1 ? `; ${jobs} jobs went down with it` : '';
  const options = error === null ? { jobs } : { jobs, cause: error };
  if (outOfMemory) {
    return new WorkerOutOfMemoryError(
      `${what}: the ${noun} that ran it ran out of memory${others}: ` +
        'raise resourceLimits, or give the job less to hold at once',
      options,
    );
  }
  const how = [
    signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`,
    ...(error === null ? [] : [error.message]),
  ].join(', ');
  return new WorkerExitError(`${what}: the ${noun} that ran it ended (${how})${others}`, options);
}

export function startError(noun: string, cause: Error): WorkerExitError {
  return new WorkerExitError(`a ${noun} cannot start: ${cause.message}`, { cause });
}

export function stuckError(noun: string, ms: number): WorkerExitError {
  return new WorkerExitError(
    `a ${noun} was ended: it began no job for ${ms} ms, though none was running: look for work that a job leaves behind`,
  );
}

export function closedError(kind: Kind): WorkerExitError {
  return new WorkerExitError(`${kind.label}: its pool was closed`);
}

export function abortedError(kind: Kind, noun: string, ms: number, jobs: number): JobAbortedError {
  return new JobAbortedError(
    `${kind.label}: the ${noun} that ran it was ended, because another job there was cancelled and did ` +
      `not stop within ${ms} ms; ${jobs} jobs went down with it`,
    { jobs },
  );
}

export function lateError(kind: Kind, ms: number): JobModuleError {
  return new JobModuleError(
    `cannot load the job's module ${kind.module}: it was not done within ${ms} ms: ` +
      'look for an await or a loop at its top level, or raise loadTimeout',
  );
}

/** The error of a job that shared its worker with a job whose module did not load. */
export function besideLateError(kind: Kind, noun: string, cause: Error, jobs: number): Error {
  return new JobAbortedError(
    `${kind.label}: the ${noun} that ran it was ended, because a module there did not finish loading; ` +
      `${jobs} jobs went down with it`,
    { jobs, cause },
  );
}

export function inputError(kind: Kind, noun: string, cause: Error): JobCloneError {
  return new JobCloneError(
    `${kind.label}: its input cannot be copied to a ${noun} (${cause.message}): ` +
      'pass data only, no functions, sockets or class instances with behaviour',
    { cause },
  );
}
