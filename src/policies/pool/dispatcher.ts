/**
 * Decides which worker runs which jobs, and when.
 *
 *   add ─▶ queue ─▶ (a microtask later, and as workers report) flush ─▶ slot.send(jobs of a kind)
 *            ▲                                                              │
 *            └──────────── taken back for a worker that has none ◀──────────┘
 *
 * The queue is first in, first out. A job leaves it for a worker that can start it (nearly) at once: room.ts says how
 * many a worker may have. So a cancelled job costs nothing, and no job waits behind a long one while another worker is
 * free; where that would happen all the same, stealing.ts takes jobs back. Jobs are gathered for one microtask first,
 * so that jobs submitted together, for example by lanes that wake together, can share a message.
 *
 * Costs O(slots) per message and O(1) per job.
 */
import { hostNow } from '../../loop/clock.js';
import type { ErrorSink } from '../../loop/scheduler.js';
import { JobLine } from './job-line.js';
import type { PoolOptions } from './options.js';
import type { AnyJob, Carrier } from './pool-job.js';
import type { JobQueue } from './pool-loop.js';
import type { Transport } from './protocol.js';
import { Rooms } from './room.js';
import { Slot, type SlotOwner } from './slot.js';
import { Stealing } from './stealing.js';
import { noTimings, type Timings } from './timings.js';

const resolved = Promise.resolve();
const FAR_MS = 2 ** 30;

export class Dispatcher implements SlotOwner, Carrier, JobQueue {
  readonly transport: Transport;
  readonly loadTimeoutMs: number;
  readonly startTimeoutMs: number;
  readonly timed: boolean;
  readonly timings: Timings = noTimings();
  onRoom: (() => void) | null = null;
  private readonly options: PoolOptions;
  private readonly onError: ErrorSink;
  private readonly slots: Slot[];
  private readonly rooms: Rooms;
  private readonly stealing: Stealing;
  private readonly queue = new JobLine();
  private queuedJobs = 0;
  private flushing = false;
  private closing = false;
  private readonly endings = new Set<Promise<void>>();
  /** Keeps the host alive while there is work. This is cheaper to switch than every port or process. */
  private readonly alive = setInterval(() => {}, FAR_MS).unref();
  private isAlive = false;

  constructor(transport: Transport, options: PoolOptions, onError: ErrorSink) {
    this.transport = transport;
    this.options = options;
    this.onError = onError;
    this.loadTimeoutMs = options.loadTimeout;
    this.startTimeoutMs = options.startTimeout;
    this.timed = options.timings;
    this.slots = Array.from({ length: options.size }, () => new Slot(this));
    this.rooms = new Rooms(options, this.slots);
    this.stealing = new Stealing(this.slots, this.give);
    for (const slot of this.slots.slice(0, options.minSize)) slot.start();
  }

  get parallelism(): number {
    return this.options.size;
  }

  get queued(): number {
    return this.queuedJobs;
  }

  add(job: AnyJob): void {
    job.carrier = this;
    if (this.timed) job.submitted = hostNow();
    this.queue.push(job);
    this.queuedJobs++;
    if (!this.isAlive) this.stayAlive(true);
    if (this.flushing) return;
    this.flushing = true;
    void resolved.then(this.flush);
  }

  cancelled(): void {
    this.queuedJobs--; // the job stays in the ring, and is skipped there
    this.onRoom?.();
  }

  readonly flush = (): void => {
    this.flushing = false;
    this.hand();
    if (this.queuedJobs > 0 || this.closing) return;
    this.stealing.watch();
    if (this.isAlive && !this.slots.some((slot) => slot.inFlight > 0)) this.stayAlive(false);
  };

  /** Gives queued jobs to workers with room, until there is none. */
  private hand(): void {
    for (let job = this.queue.next(); job !== undefined; job = this.queue.next()) {
      const slot = this.closing ? null : this.rooms.best(job, this.queuedJobs);
      if (slot === null) {
        this.queue.putBack([job]);
        if (!this.closing) this.startMore();
        return;
      }
      this.handTo(slot, job);
    }
  }

  /** Sends the job, and others of its kind that follow it in the queue. */
  private handTo(slot: Slot, job: AnyJob): void {
    const jobs = this.queue.takeLike(job, this.rooms.share(slot, job, this.queuedJobs));
    this.queuedJobs -= jobs.length;
    slot.send(jobs, this.rooms.isCheap(job.kind), !job.kind.waits);
    this.onRoom?.();
  }

  /** Jobs that were taken back, for an idle slot or for the first one that has room. */
  private readonly give = (slot: Slot | null, jobs: readonly AnyJob[]): void => {
    this.requeue(jobs);
    const job = slot === null ? undefined : this.queue.next();
    if (job !== undefined) this.handTo(slot as Slot, job);
    this.flush();
  };

  async close(): Promise<void> {
    this.closing = true;
    for (let job = this.queue.next(); job !== undefined; job = this.queue.next()) job.cancel();
    for (const slot of this.slots) slot.end();
    this.stayAlive(true);
    await Promise.all(this.endings);
    clearInterval(this.alive);
    this.stealing.close();
  }

  room(slot: Slot): void {
    const { isolate, minSize, idleTimeout } = this.options;
    if (slot.inFlight === 0) {
      if (isolate && slot.used > 0) return slot.end();
      if (this.up > minSize) slot.endWhenIdleFor(idleTimeout);
    }
    if (!this.flushing) this.flush();
  }

  down(_slot: Slot, toRetry: AnyJob[], startFailure: Error | null): void {
    this.requeue(toRetry);
    if (this.closing) return;
    if (startFailure !== null) this.cannotStart(startFailure);
    else if (this.up < this.options.minSize) this.slots.find((slot) => slot.isDown)?.start();
    this.flush();
  }

  report(error: Error): void {
    this.onError(error, `a ${this.transport.noun} ended between jobs`);
  }

  ending(gone: Promise<void>): void {
    this.endings.add(gone);
    const forget = (): void => void this.endings.delete(gone);
    gone.then(forget, forget);
  }

  timing(job: AnyJob, began: number, ended: number): void {
    const { timings } = this;
    timings.jobs++;
    timings.queueMs += job.sent - job.submitted;
    timings.thereMs += began - job.sent;
    timings.runMs += ended - began;
    timings.backMs += hostNow() - ended;
  }

  /** Jobs that had left the queue are its first again. */
  private requeue(jobs: readonly AnyJob[]): void {
    for (const job of jobs) job.carrier = this;
    this.queue.putBack(jobs);
    this.queuedJobs += jobs.length;
  }

  private get up(): number {
    let count = 0;
    for (const slot of this.slots) if (!slot.isDown) count++;
    return count;
  }

  private startMore(): void {
    let wanted = this.queuedJobs;
    for (const slot of this.slots) if (!slot.isDown && !slot.isReady) wanted--;
    for (const slot of this.slots) {
      if (wanted <= 0) return;
      if (!slot.isDown) continue;
      slot.start();
      wanted--;
    }
  }

  /** Workers that cannot start would keep the queue waiting for ever. */
  private cannotStart(error: Error): void {
    if (this.slots.some((slot) => slot.isReady)) return;
    if (this.queuedJobs === 0) return this.onError(error, `a ${this.transport.noun} cannot start`);
    for (let job = this.queue.next(); job !== undefined; job = this.queue.next()) {
      this.queuedJobs--;
      job.carrier = null;
      job.offerError(error);
    }
  }

  private stayAlive(on: boolean): void {
    this.isAlive = on;
    if (on) this.alive.ref();
    else this.alive.unref();
  }
}
