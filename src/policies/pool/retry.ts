/**
 * What happens to the jobs of a worker that has ended. A job that it had not begun is run again. A job that it had
 * begun and that may be repeated is run again, too, unless it is the one that brought the worker down. If several were
 * in hand nobody can say which one it was, so each is tried alone. In the end the culprit fails, and only the culprit.
 */
import type { Kind } from './kind.js';
import type { AnyJob } from './pool-job.js';

/** A guard: a repeatable job is not retried for ever. */
const MOST_RETRIES = 3;

export interface WorkerLoss {
  /** The worker ended by itself; the pool did not end it. */
  readonly crashed: boolean;
  /** See `Link.takeBack`. */
  takeBack(seq: number): boolean;
  /** The kind that the worker was loading. */
  readonly loading: Kind | null;
  /** The worker was ended because that load did not finish. */
  readonly loadedLate: boolean;
  /** The error for a lost job, one of `jobs`. */
  error(job: AnyJob, jobs: number): Error;
}

/** Fails the lost jobs, and returns those to run again. */
export function failOrRetry(jobs: Iterable<AnyJob>, loss: WorkerLoss): AnyJob[] {
  const { crashed, loading, loadedLate } = loss;
  const pending = [...jobs].filter((job) => !job.done);
  // A worker that is being ended may still begin jobs, so they are taken back.
  const untouched = new Set(
    pending.filter((job) => loss.takeBack(job.seq) && job.kind !== loading),
  );
  const begunCount = pending.length - untouched.size;
  const toRetry: AnyJob[] = [];
  for (const job of pending) {
    job.carrier = null;
    const begun = !untouched.has(job);
    const culprit =
      begun && ((crashed && begunCount === 1) || (loadedLate && job.kind === loading));
    const mayRetry = !begun || (job.idempotent && !culprit && job.retries++ < MOST_RETRIES);
    // What was moved to the worker is lost with it.
    if (!mayRetry || job.transfer !== null) {
      job.offerError(loss.error(job, begunCount));
      continue;
    }
    if (crashed && begun) job.suspect = true;
    toRetry.push(job);
  }
  return toRetry;
}
