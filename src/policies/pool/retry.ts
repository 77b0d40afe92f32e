/**
 * What becomes of the jobs of a worker that has ended. One that it had not begun is run again. One
 * that it had, and that may be repeated, is run again too, unless it is the one that brought the
 * worker down: where several were in hand nobody can say which it was, and each is tried with no
 * other beside it. So the culprit fails in the end, and only the culprit.
 */
import type { Kind } from './kind.js';
import type { AnyJob } from './pool-job.js';

/** A guard: a job that may be repeated is not tried for ever. */
const MOST_RETRIES = 3;

export interface WorkerLoss {
  /** Ended by itself, and not by us. */
  readonly crashed: boolean;
  /** See `Link.lastBegun`. */
  readonly lastBegun: number | null;
  /** What the worker was loading. */
  readonly loading: Kind | null;
  /** It was ended because that did not come to an end. */
  readonly loadedLate: boolean;
  /** What a job is told that is lost, one of so many. */
  error(job: AnyJob, jobs: number): Error;
}

/** Fails the jobs that are lost, and returns those to run again. */
export function failOrRetry(jobs: Iterable<AnyJob>, loss: WorkerLoss): AnyJob[] {
  const { crashed, lastBegun, loading, loadedLate } = loss;
  const pending = [...jobs].filter((job) => !job.done);
  const mayHaveBegun = (job: AnyJob): boolean =>
    lastBegun === null || job.seq <= lastBegun || job.kind === loading;
  const begunCount = pending.filter(mayHaveBegun).length;
  const toRetry: AnyJob[] = [];
  for (const job of pending) {
    job.carrier = null;
    const begun = mayHaveBegun(job);
    const culprit =
      begun && ((crashed && begunCount === 1) || (loadedLate && job.kind === loading));
    const mayRetry = !begun || (job.idempotent && !culprit && job.retries++ < MOST_RETRIES);
    // What was moved to the worker is gone with it.
    if (!mayRetry || job.transfer !== null) {
      job.offerError(loss.error(job, begunCount));
      continue;
    }
    if (crashed && begun) job.suspect = true;
    toRetry.push(job);
  }
  return toRetry;
}
