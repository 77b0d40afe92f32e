/**
 * The jobs that a worker has in hand, by number. It begins them in the order in which they were sent:
 *
 *     settled or waiting          not begun
 *   … 3  4  ·  6  ·  ·  9  10 │ 11  12  ·  14 │ next
 *                         └─ `begun`
 *
 * Those at the end can be taken back, the last one first, if the link can do that.
 */
import { JobTable } from './job-table.js';
import type { AnyJob } from './pool-job.js';
import { MOST_IN_HAND, type Link } from './protocol.js';

export class Hand {
  readonly jobs = new JobTable<AnyJob>();
  /** The way to the worker; null while there is none. */
  link: Link | null = null;
  next = 0;
  /** Jobs that were not known to wait (`computing`), and that were not known to be cheap (`long`). */
  computing = 0;
  long = 0;
  /** Ms of work in a job of the kind that was sent last. */
  lastMs = Infinity;
  /** The worker has begun at least the jobs up to this one. */
  private begun = -1;

  get size(): number {
    return this.jobs.size;
  }

  get canTakeBack(): boolean {
    return this.link?.canTakeBack === true;
  }

  /** Ms of work in hand, most likely no more. */
  get sureMs(): number {
    let ms = 0;
    for (const job of this.jobs) ms += job.kind.sureMs;
    return ms;
  }

  add(job: AnyJob, isCheap: boolean): void {
    const { kind } = job;
    job.seq = this.next++;
    job.computes = !kind.waits;
    job.long = !isCheap;
    if (job.computes) this.computing++;
    if (job.long) this.long++;
    this.lastMs = kind.runMs;
    this.jobs.add(job);
  }

  remove(seq: number): AnyJob | undefined {
    const job = this.jobs.get(seq);
    if (job === undefined) return undefined;
    this.jobs.remove(job);
    if (job.computes) this.computing--;
    if (job.long) this.long--;
    return job;
  }

  /** The worker has reported the job. */
  settled(seq: number): AnyJob | undefined {
    if (seq > this.begun) this.begun = seq;
    return this.remove(seq);
  }

  /** How many jobs the worker has not begun, as far as that can be known. */
  unbegun(): number {
    const { link } = this;
    if (link?.canTakeBack !== true) return 0;
    let count = 0;
    let first = this.next;
    for (let seq = first - 1; seq > this.begun; seq--) {
      if (this.jobs.get(seq) === undefined) continue; // taken back, or settled
      if (link.hasBegun(seq)) break;
      first = seq;
      count++;
    }
    this.begun = first - 1;
    return count;
  }

  /** The first job that the worker has not begun. */
  get firstUnbegun(): AnyJob | undefined {
    return this.unbegun() === 0 ? undefined : this.jobs.get(this.begun + 1);
  }

  /** How many more jobs may be sent: of those that have not begun no two may be MOST_IN_HAND apart. */
  get room(): number {
    if (!this.canTakeBack) return MOST_IN_HAND - this.size;
    if (this.next - this.begun > MOST_IN_HAND / 2) this.unbegun();
    return MOST_IN_HAND - (this.next - this.begun);
  }

  /** Takes back up to `most` jobs that have not begun, and returns them in the order in which they were sent. */
  takeBack(most: number): AnyJob[] {
    const taken: AnyJob[] = [];
    for (let seq = this.next - 1; seq > this.begun && taken.length < most; seq--) {
      const job = this.jobs.get(seq);
      if (job === undefined) continue; // taken back before, or cancelled
      if (job.transfer !== null || this.link?.takeBack(seq) !== true) break;
      this.remove(seq);
      job.carrier = null;
      taken.push(job);
    }
    return taken.reverse();
  }

  /** The worker has ended. */
  clear(): void {
    this.jobs.clear();
    this.link = null;
    this.next = 0;
    this.begun = -1;
    this.computing = 0;
    this.long = 0;
    this.lastMs = Infinity;
  }
}
