/** Keeps jobs in flight, written by hand: each lane submits its next job when its last one is done. */
import { createHash } from 'node:crypto';
import { gather } from '../../src/loop/combine.js';
import type { Coroutine } from '../../src/loop/policy.js';
import type { Loop, PortableJob } from '../../src/loop/policy.js';
import { LEAD, type Work } from './work.js';

export interface JobWork {
  readonly job: PortableJob<never, string>;
  /** The inputs of the job, taken in turn, again and again. */
  readonly inputs: readonly unknown[];
  /** Jobs in flight at the same time. */
  readonly concurrency: number;
}

export class Lanes implements Work {
  readonly digest: string;
  /** Kept, so that no result is discarded unused. */
  last = '';
  private readonly loop: Loop;
  private readonly work: JobWork;
  private readonly lanes: (() => Coroutine<void>)[];
  private next = 0;
  private done = 0;
  private goal = 0;
  private lead = 0;
  private say: (done: number) => void = () => {};

  static async start(loop: Loop, work: JobWork): Promise<Lanes> {
    const { job, inputs } = work;
    const results: string[] = [];
    await loop.run(function* () {
      for (const input of inputs) results.push(yield* loop.submit(job, input as never));
    });
    // The same digest as a session's, so that it can be compared with a run's.
    const hash = createHash('sha256').update(results.join('\n'));
    return new Lanes(loop, work, hash.digest('hex').slice(0, 16));
  }

  private constructor(loop: Loop, work: JobWork, digest: string) {
    this.loop = loop;
    this.work = work;
    this.digest = digest;
    this.lanes = Array.from({ length: work.concurrency }, () => () => this.lane());
  }

  *turn(jobs: number, say: (done: number) => void): Coroutine<void> {
    this.done = 0;
    this.goal = jobs;
    this.lead = Math.ceil(jobs / LEAD);
    this.say = say;
    yield* gather(this.loop, this.lanes);
    say(this.done);
  }

  private *lane(): Coroutine<void> {
    const { job, inputs } = this.work;
    while (this.done < this.goal) {
      this.last = yield* this.loop.submit(job, inputs[this.next++ % inputs.length] as never);
      this.done++;
      if (this.done === this.lead) this.say(this.done);
      if (this.done === this.goal) this.say(this.done);
    }
  }
}
