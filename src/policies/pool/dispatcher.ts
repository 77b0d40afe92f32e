/**
 * Decides which worker runs which jobs, and when.
 *
 *   add ─▶ queue ─▶ (a microtask later, and as workers report) flush ─▶ slot.send(jobs of a kind)
 *
 * The queue is first in, first out. A job leaves it for a worker that can start it (nearly) at once, so that a
 * cancelled job costs nothing and no job waits behind a long one while another worker is free. How many jobs a worker
 * is given:
 *
 *   the worker is idle       as many short jobs as make up BATCH_MS of work, in one message; of a kind
 *                            that is long or not known yet, one job
 *   its jobs wait (for IO)   up to `concurrency`: a worker says so when its event loop comes round and
 *                            all of its jobs wait; the pool remembers which kinds do
 *   it computes              as many again of a short kind, so that it need not wait for the next
 *
 * In each case no more than an even share of all jobs, unless that makes up less than BATCH_MS: waking two workers for
 * 0.1 ms of work takes longer than letting one do it (64 identity jobs in flight: 2.8×, 6 rounds). Jobs are gathered
 * for one microtask first, so that jobs submitted together, for example by lanes that wake together, can share a
 * message.
 *
 * Costs O(slots) per message and O(1) per job.
 */
import { hostNow } from '../../loop/clock.js';
import { Ring } from '../../loop/ring.js';
import type { ErrorSink } from '../../loop/scheduler.js';
import { SHORT_MS, type Kind } from './kind.js';
import type { PoolOptions } from './options.js';
import type { AnyJob, Carrier } from './pool-job.js';
import type { Transport } from './protocol.js';
import { Slot, type SlotOwner } from './slot.js';
import { noTimings, type Timings } from './timings.js';

/** Work in one message, in ms. */
const BATCH_MS = 0.2;
const MOST_IN_BATCH = 64;

const resolved = Promise.resolve();
const FAR_MS = 2 ** 30;

export class Dispatcher implements SlotOwner, Carrier {
  readonly transport: Transport;
  readonly loadTimeoutMs: number;
  readonly startTimeoutMs: number;
  readonly timed: boolean;
  readonly timings: Timings = noTimings();
  /** Called when a job has left the queue. */
  onRoom: (() => void) | null = null;
  private readonly options: PoolOptions;
  private readonly onError: ErrorSink;
  private readonly slots: Slot[];
  private readonly queue = new Ring<AnyJob>();
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
    for (const slot of this.slots.slice(0, options.minSize)) slot.start();
  }

  /** Jobs that have not been given to a worker yet. */
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
    for (let job = this.next(); job !== undefined; job = this.next()) {
      const slot = this.closing ? null : this.bestSlot(job);
      if (slot === null) {
        this.queue.unshift(job);
        if (!this.closing) this.startMore();
        return;
      }
      const jobs = this.takeLike(job, this.share(slot, job));
      this.queuedJobs -= jobs.length;
      slot.send(jobs, !job.kind.waits);
      this.onRoom?.();
    }
    if (this.isAlive && !this.slots.some((slot) => slot.inFlight > 0)) this.stayAlive(false);
  };

  async close(): Promise<void> {
    this.closing = true;
    for (let job = this.next(); job !== undefined; job = this.next()) job.cancel();
    for (const slot of this.slots) slot.end();
    this.stayAlive(true);
    await Promise.all(this.endings);
    clearInterval(this.alive);
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
    for (const job of toRetry.toReversed()) {
      job.carrier = this;
      this.queue.unshift(job);
      this.queuedJobs++;
    }
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

  private get up(): number {
    let count = 0;
    for (const slot of this.slots) if (!slot.isDown) count++;
    return count;
  }

  /** Takes the oldest queued job. */
  private next(): AnyJob | undefined {
    for (;;) {
      const job = this.queue.shift();
      if (job === undefined || !job.done) return job;
    }
  }

  /** Takes up to `most` jobs that can share a message with `first`, including `first`. */
  private takeLike(first: AnyJob, most: number): AnyJob[] {
    const jobs = [first];
    if (first.suspect || first.transfer !== null) return jobs;
    while (jobs.length < most) {
      const job = this.next();
      if (job === undefined) break;
      const { kind, flags, suspect, transfer } = job;
      if (kind !== first.kind || flags !== first.flags || suspect || transfer !== null) {
        this.queue.unshift(job);
        break;
      }
      jobs.push(job);
    }
    return jobs;
  }

  /** The slot with the least work in hand, among those with room. */
  private bestSlot(job: AnyJob): Slot | null {
    let best: Slot | null = null;
    for (const slot of this.slots) {
      if (best !== null && slot.inFlight >= best.inFlight) continue;
      if (this.roomAt(slot, job) > 0) best = slot;
    }
    return best;
  }

  private roomAt(slot: Slot, job: AnyJob): number {
    const { kind } = job;
    const { concurrency, isolate } = this.options;
    const { inFlight } = slot;
    if (!slot.canTake) return 0;
    if (inFlight === 0) return slot.knows(kind) ? this.batchOf(kind) : 1;
    if (isolate || job.suspect) return 0;
    const waiting = slot.waiting || (kind.waits && slot.computing === 0);
    if (!slot.knows(kind)) return waiting && inFlight < concurrency ? 1 : 0;
    if (waiting) return Math.min(this.batchOf(kind), concurrency - inFlight);
    if (kind.waits || kind.runMs > SHORT_MS || slot.long > 0) return 0;
    return Math.min(this.batchOf(kind), 2 * this.batchOf(kind) - inFlight);
  }

  private batchOf(kind: Kind): number {
    const { batch, concurrency } = this.options;
    if (batch !== 'adaptive') return batch;
    if (kind.waits) return concurrency;
    return Math.min(MOST_IN_BATCH, Math.max(1, Math.floor(BATCH_MS / kind.runMs)));
  }

  private share(slot: Slot, job: AnyJob): number {
    let all = this.queuedJobs;
    for (const one of this.slots) all += one.inFlight;
    const room = Math.max(1, this.roomAt(slot, job));
    if (all * job.kind.runMs <= BATCH_MS) return room;
    const even = Math.ceil(all / this.slots.length) - slot.inFlight;
    return Math.max(1, Math.min(even, room));
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
    for (let job = this.next(); job !== undefined; job = this.next()) {
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
