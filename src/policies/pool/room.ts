/**
 * How many jobs a worker may be given.
 *
 *   the worker is idle       as many jobs of a cheap kind as make up BATCH_MS, in one message; of another kind one
 *   its jobs wait (for IO)   up to `concurrency`: a worker says so when its event loop comes round and all of its
 *                            jobs wait; the pool remembers which kinds do
 *   it computes              as many again of a cheap kind, so that it need not wait for the next message; of
 *                            another kind one, if it can be taken back when another worker becomes free
 *
 * Cheap is a kind that is most likely to take less than BATCH_MS for two jobs (`Kind.sureMs`). In each case no more
 * than an even share of all jobs, but of cheap ones as many as make up ALONE_MS: to wake another worker takes longer.
 */
import type { Kind } from './kind.js';
import type { PoolOptions } from './options.js';
import type { AnyJob } from './pool-job.js';
import { MOST_IN_HAND } from './protocol.js';
import type { Slot } from './slot.js';

/** Work in one message, in ms. */
const BATCH_MS = 0.2;
const MOST_IN_BATCH = 64;
/** Work in hand for which no second worker is woken, in ms. */
const ALONE_MS = 0.1;
/**
 * A job that cannot be taken back is sent ahead only if it is shorter: that saves some 30 µs, and more jobs wait than
 * there are workers, so none of those is kept idle.
 */
const AHEAD_MS = 4;

export class Rooms {
  private readonly options: PoolOptions;
  private readonly slots: readonly Slot[];
  private readonly concurrency: number;

  constructor(options: PoolOptions, slots: readonly Slot[]) {
    this.options = options;
    this.concurrency = Math.min(options.concurrency, MOST_IN_HAND);
    this.slots = slots;
  }

  /** A slot that has some cheap work, but less than ALONE_MS; otherwise the one with the least work in hand. */
  best(job: AnyJob, queued: number): Slot | null {
    const least = this.leastOf(job.kind);
    let best: Slot | null = null;
    for (const slot of this.slots) {
      const isBetter = best === null || slot.inFlight < best.inFlight;
      const isAwake = slot.inFlight > 0 && slot.inFlight < least && slot.hand.long === 0;
      if (!(isBetter || isAwake) || this.at(slot, job, queued) === 0) continue;
      if (isAwake) return slot;
      best = slot;
    }
    return best;
  }

  /** How many jobs like this one the slot is given, of `queued`. */
  share(slot: Slot, job: AnyJob, queued: number): number {
    let all = queued;
    for (const { inFlight } of this.slots) all += inFlight;
    const even = Math.ceil(all / this.slots.length);
    const share = Math.max(even, this.leastOf(job.kind)) - slot.inFlight;
    return Math.max(1, Math.min(share, this.at(slot, job, queued)));
  }

  /** How many jobs of a cheap kind make it worth while to wake a worker. */
  private leastOf(kind: Kind): number {
    return this.isCheap(kind) ? Math.ceil(ALONE_MS / kind.runMs) : 0;
  }

  private at(slot: Slot, job: AnyJob, queued: number): number {
    return slot.canTake ? Math.min(this.wanted(slot, job, queued), slot.hand.room) : 0;
  }

  private wanted(slot: Slot, job: AnyJob, queued: number): number {
    const { kind } = job;
    const { isolate } = this.options;
    const { concurrency } = this;
    const { inFlight } = slot;
    const batch = this.batchOf(kind);
    if (inFlight === 0) return slot.knows(kind) ? batch : 1;
    if (isolate || job.suspect) return 0;
    const waiting = slot.waiting || (kind.waits && slot.hand.computing === 0);
    if (!slot.knows(kind)) return waiting && inFlight < concurrency ? 1 : 0;
    if (waiting) return Math.min(batch, concurrency - inFlight);
    if (kind.waits) return 0;
    if (this.isCheap(kind) && slot.hand.long === 0) return Math.min(batch, 2 * batch - inFlight);
    return inFlight === 1 && this.mayGoAhead(slot, job, queued) ? 1 : 0;
  }

  isCheap(kind: Kind): boolean {
    return 2 * kind.sureMs <= BATCH_MS;
  }

  private mayGoAhead(slot: Slot, { kind, transfer }: AnyJob, queued: number): boolean {
    if (slot.hand.canTakeBack && transfer === null) return true;
    return Math.max(kind.sureMs, slot.hand.sureMs) <= AHEAD_MS && queued > this.slots.length;
  }

  private batchOf(kind: Kind): number {
    const { batch } = this.options;
    if (batch !== 'adaptive') return Math.min(batch, MOST_IN_HAND / 2);
    if (kind.waits) return this.concurrency;
    return Math.min(MOST_IN_BATCH, Math.max(1, Math.floor(BATCH_MS / kind.sureMs)));
  }
}
