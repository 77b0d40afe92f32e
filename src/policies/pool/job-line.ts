/**
 * Jobs that wait for a worker, first in, first out. A job that is cancelled meanwhile stays where it is, and is skipped.
 * In and out take O(1).
 */
import { Ring } from '../../loop/ring.js';
import type { AnyJob } from './pool-job.js';

export class JobLine {
  private readonly ring = new Ring<AnyJob>();

  push(job: AnyJob): void {
    this.ring.push(job);
  }

  /** Puts jobs that had left before all others, in their order. */
  putBack(jobs: readonly AnyJob[]): void {
    for (const job of jobs.toReversed()) this.ring.unshift(job);
  }

  /** Takes the oldest. */
  next(): AnyJob | undefined {
    for (;;) {
      const job = this.ring.shift();
      if (job === undefined || !job.done) return job;
    }
  }

  /** Takes up to `most` jobs that can share a message with `first`, which has left, including `first`. */
  takeLike(first: AnyJob, most: number): AnyJob[] {
    const jobs = [first];
    if (first.suspect || first.transfer !== null) return jobs;
    while (jobs.length < most) {
      const job = this.next();
      if (job === undefined) break;
      const { kind, flags, suspect, transfer } = job;
      if (kind !== first.kind || flags !== first.flags || suspect || transfer !== null) {
        this.putBack([job]);
        break;
      }
      jobs.push(job);
    }
    return jobs;
  }
}
