/** What a job is told whose worker has ended. */
import { WorkerExitError, WorkerOutOfMemoryError } from '../../loop/errors.js';
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
