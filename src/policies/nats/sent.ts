/**
 * What a submitter has sent and has no answer to, by number of the job and by name of the message. A message is gone
 * once its last answer is there, or once none of its jobs is left.
 */
import type { AnyJob } from '../pool/pool-job.js';

interface Message {
  readonly ns: readonly number[];
  /** How many of its jobs have no answer yet. */
  left: number;
}

export class Sent {
  private readonly jobs = new Map<number, AnyJob>();
  private readonly messages = new Map<string, Message>();
  private readonly ofJob = new Map<number, Message>();

  get isEmpty(): boolean {
    return this.jobs.size === 0;
  }

  get messageCount(): number {
    return this.messages.size;
  }

  add(name: string, jobs: readonly AnyJob[]): void {
    const message = { ns: jobs.map(({ seq }) => seq), left: jobs.length };
    this.messages.set(name, message);
    for (const job of jobs) {
      this.jobs.set(job.seq, job);
      this.ofJob.set(job.seq, message);
    }
  }

  /** Removes the job, and returns it; undefined if it has been removed. */
  take(n: number): AnyJob | undefined {
    const job = this.jobs.get(n);
    const message = this.ofJob.get(n);
    if (message !== undefined) message.left--;
    this.jobs.delete(n);
    this.ofJob.delete(n);
    return job;
  }

  /** No more answers come for this message. Its jobs stay. */
  dropMessage(name: string): void {
    this.messages.delete(name);
  }

  /** Removes a message with its jobs, and returns these. */
  takeMessage(name: string): AnyJob[] {
    const { ns = [] } = this.messages.get(name) ?? {};
    this.messages.delete(name);
    return ns.flatMap((n) => this.take(n) ?? []);
  }

  /** Removes the jobs that were sent before that time, and messages that have none left. */
  takeBefore(time: number): AnyJob[] {
    const late: AnyJob[] = [];
    // They are in the order in which they were sent.
    for (const job of this.jobs.values()) {
      if (job.sent > time) break;
      late.push(job);
    }
    for (const { seq } of late) this.take(seq);
    for (const [name, { left }] of this.messages) if (left <= 0) this.messages.delete(name);
    return late;
  }
}
