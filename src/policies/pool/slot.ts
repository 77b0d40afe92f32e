/**
 * A place for one worker, and the jobs that it has in hand. The worker may end at any moment: the jobs in hand then
 * settle, or are handed back, and the place can be filled again.
 *
 *   down ──start──▶ starting ──Ready──▶ ready ──┬── end() ───────────────▶ down
 *                       └───────────────────────┴── (the worker ended) ──▶ down
 *
 * Three things can keep a worker from ever answering, and each has a deadline: the worker does not start, a module does
 * not finish loading (the clock starts when the worker says that it begins to load), a cancelled job does not stop.
 */
import { hostNow } from '../../loop/clock.js';
import { WorkerExitError } from '../../loop/errors.js';
import {
  abortedError,
  besideLateError,
  closedError,
  exitError,
  inputError,
  lateError,
  startError,
  stuckError,
} from './worker-errors.js';
import { Hand } from './hand.js';
import type { Kind } from './kind.js';
import { unpackError } from './packed-error.js';
import type { AnyJob, Carrier } from './pool-job.js';
import * as wire from './protocol.js';
import { failOrRetry, type WorkerLoss } from './retry.js';

/** How long a cancelled job may take to stop if it has its worker to itself, in ms. */
const ALONE_GRACE_MS = 100;
/** The same for a job that shares its worker, in ms. Ending the worker would hurt the other jobs, too. */
const SHARED_GRACE_MS = 5000;

/** What a slot needs of its pool. */
export interface SlotOwner {
  readonly transport: wire.Transport;
  readonly loadTimeoutMs: number;
  readonly startTimeoutMs: number;
  readonly timed: boolean;
  /** The slot may have room for more jobs. */
  room(slot: Slot): void;
  /** The slot is down. `toRetry` must be queued again; `startFailure` is set if the worker was never ready. */
  down(slot: Slot, toRetry: AnyJob[], startFailure: Error | null): void;
  /** The slot's worker ended between jobs. */
  report(error: Error): void;
  /** A worker is being ended; closing waits for `gone`. */
  ending(gone: Promise<void>): void;
  /** A timed job has a result. */
  timing(job: AnyJob, began: number, ended: number): void;
}

export class Slot implements Carrier {
  private readonly owner: SlotOwner;
  private ready = false;
  readonly hand = new Hand();
  private readonly known = new Set<Kind>();
  loading: Kind | null = null;
  private loadTimer: NodeJS.Timeout | undefined;
  private startTimer: NodeJS.Timeout | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  private readonly graceTimers = new Map<AnyJob, NodeJS.Timeout>();
  /** The worker has said that all of its jobs wait. */
  waiting = false;
  /** What stealing.ts saw when it looked last: the first job that had not begun, and for how many looks. */
  waitsFirst: AnyJob | undefined;
  looks = 0;
  /** It does not react: see `markStuck`. */
  private stuck = false;
  private stuckTimer: NodeJS.Timeout | undefined;
  /** A suspect job is running: nothing is sent beside it. */
  exclusive = false;
  /** How many jobs this worker was ever given. */
  used = 0;

  constructor(owner: SlotOwner) {
    this.owner = owner;
  }

  get isDown(): boolean {
    return this.hand.link === null;
  }

  get isReady(): boolean {
    return this.ready;
  }

  get canTake(): boolean {
    return this.ready && this.loading === null && !this.exclusive && !this.stuck;
  }

  get inFlight(): number {
    return this.hand.size;
  }

  /** The worker does not react. It gets no jobs until it does; if no job of the pool keeps it busy, it has a deadline. */
  markStuck(): void {
    const { owner } = this;
    this.stuck = true;
    if (this.inFlight > 0 || this.loading !== null) return;
    this.stuckTimer = setTimeout(() => {
      this.end();
      owner.report(stuckError(owner.transport.noun, SHARED_GRACE_MS));
    }, SHARED_GRACE_MS);
    this.stuckTimer.unref();
  }

  knows(kind: Kind): boolean {
    return this.known.has(kind);
  }

  start(): void {
    const { owner } = this;
    const { startTimeoutMs, transport } = owner;
    try {
      this.hand.link = transport.open({
        message: (message) => this.receive(message),
        ended: (end) => this.ended(end),
      });
    } catch (cause) {
      const failure = startError(transport.noun, cause as Error);
      queueMicrotask(() => owner.down(this, [], failure));
      return;
    }
    this.startTimer = setTimeout(() => {
      this.endLate(`a ${transport.noun} was not ready within ${startTimeoutMs} ms`);
    }, startTimeoutMs);
    this.startTimer.unref();
  }

  /**
   * Sends jobs of one kind, and settles those that cannot be sent. `reportWaiting`: the worker reports when all jobs
   * wait.
   */
  send(jobs: readonly AnyJob[], isCheap: boolean, reportWaiting: boolean): void {
    const { hand } = this;
    const link = hand.link as wire.Link;
    const { kind, flags, transfer, suspect } = jobs[0] as AnyJob;
    const { timed } = this.owner;
    clearTimeout(this.idleTimer);
    if (!this.known.has(kind)) {
      this.known.add(kind);
      this.loading = kind;
      link.send([wire.Load, kind.id, kind.module, kind.name]);
    }
    const sent = timed ? hostNow() : 0;
    const inputs = jobs.map((job) => job.input);
    const allFlags = flags | (reportWaiting ? wire.REPORT_WAITING : 0) | (timed ? wire.TIMED : 0);
    try {
      link.send([wire.Run, kind.id, hand.next, inputs, allFlags], transfer ?? undefined);
    } catch (cause) {
      const { noun } = this.owner.transport;
      if (jobs.length === 1) return jobs[0]?.offerError(inputError(kind, noun, cause as Error));
      for (const job of jobs) this.send([job], isCheap, reportWaiting); // one or more of them cannot be sent
      return;
    }
    for (const job of jobs) {
      hand.add(job, isCheap);
      job.sent = sent;
      job.carrier = this;
    }
    this.used += jobs.length;
    this.waiting = false;
    this.exclusive = suspect;
  }

  /** Ends the worker, between jobs or with jobs in hand. */
  end(error: WorkerLoss['error'] = ({ kind }) => closedError(kind), loadedLate = false): void {
    const { loading } = this;
    const { link } = this.hand;
    if (link === null) return;
    const takeBack = (seq: number): boolean => link.takeBack(seq);
    this.owner.ending(link.end());
    this.clear({ crashed: false, takeBack, loading, loadedLate, error }, null);
  }

  endWhenIdleFor(ms: number): void {
    clearTimeout(this.idleTimer);
    this.idleTimer = setTimeout(() => {
      if (this.inFlight === 0) this.end();
    }, ms);
    this.idleTimer.unref();
  }

  cancelled(job: AnyJob, message: string): void {
    const { hand } = this;
    const { link } = hand;
    const { noun } = this.owner.transport;
    // A worker that does not begin its only job is not busy with another one: that is for the deadline.
    if (hand.size > 1 && hand.canTakeBack && link?.takeBack(job.seq) === true) {
      hand.remove(job.seq);
      return this.owner.room(this);
    }
    link?.send([wire.Cancel, job.seq, message]);
    const grace = hand.size === 1 ? ALONE_GRACE_MS : SHARED_GRACE_MS;
    const aborted = (other: AnyJob, jobs: number): Error =>
      abortedError(other.kind, noun, grace, jobs);
    this.graceTimers.set(
      job,
      setTimeout(() => this.end(aborted), grace),
    );
  }

  private receive(message: wire.FromWorker): void {
    const { owner } = this;
    if (this.stuck) {
      this.stuck = false;
      clearTimeout(this.stuckTimer);
    }
    switch (message[0]) {
      case wire.Done:
        this.done(message[1], message[2], message[3], message[4], message[5]);
        break;
      case wire.Failed: {
        const job = this.release(message[1]);
        if (message[2] === null) job?.cancel();
        else job?.offerError(unpackError(message[2]));
        // The async function still runs, and only ending the worker can stop it.
        if (message[3] && this.inFlight === 0) return this.end();
        break;
      }
      case wire.Waiting:
        this.waiting = true;
        break;
      case wire.Loading:
        this.loadTimer = setTimeout(() => this.loadedLate(), owner.loadTimeoutMs);
        return;
      case wire.Loaded:
        this.loading = null;
        clearTimeout(this.loadTimer);
        break;
      case wire.Ready:
        this.ready = true;
        clearTimeout(this.startTimer);
        break;
    }
    owner.room(this);
  }

  private done(
    seqs: number[],
    values: unknown[],
    waited: boolean,
    busyMs: number,
    stamps: number[],
  ): void {
    let first: Kind | null = null;
    let last: Kind | null = null;
    for (let i = 0; i < seqs.length; i++) {
      const job = this.release(seqs[i] as number);
      if (job === undefined) continue;
      last = job.kind;
      first ??= last;
      if (this.owner.timed) this.owner.timing(job, stamps[2 * i] ?? 0, stamps[2 * i + 1] ?? 0);
      job.offer(values[i]);
    }
    if (first === last) first?.learn(seqs.length, waited, busyMs);
  }

  private release(seq: number): AnyJob | undefined {
    const job = this.hand.settled(seq);
    if (job === undefined) return undefined;
    job.carrier = null;
    job.input = undefined; // as `Running` does in the worker
    if (this.inFlight === 0) this.exclusive = false;
    if (this.graceTimers.size > 0) {
      clearTimeout(this.graceTimers.get(job));
      this.graceTimers.delete(job);
    }
    return job;
  }

  private loadedLate(): void {
    const { loading, owner } = this;
    if (loading === null) return;
    const late = lateError(loading, owner.loadTimeoutMs);
    const { noun } = owner.transport;
    this.end(
      ({ kind }, jobs) => (kind === loading ? late : besideLateError(kind, noun, late, jobs)),
      true,
    );
  }

  private endLate(message: string): void {
    const { link } = this.hand;
    if (link === null) return;
    this.owner.ending(link.end());
    this.clear(null, new WorkerExitError(message));
  }

  private ended(end: wire.End): void {
    const { noun } = this.owner.transport;
    const error = (job: AnyJob, jobs: number): Error => exitError(job.kind.label, noun, end, jobs);
    const startFailure = this.ready ? null : exitError('at its start', noun, end, 1);
    if (this.ready && this.inFlight === 0) {
      this.owner.report(exitError('between jobs', noun, end, 0));
    }
    const { loading } = this;
    const { link } = this.hand;
    const takeBack = (seq: number): boolean => link?.takeBack(seq) === true;
    this.clear({ crashed: true, takeBack, loading, loadedLate: false, error }, startFailure);
  }

  private clear(loss: WorkerLoss | null, startFailure: Error | null): void {
    for (const timer of this.graceTimers.values()) clearTimeout(timer);
    const timers = [this.loadTimer, this.startTimer, this.idleTimer, this.stuckTimer];
    for (const timer of timers) clearTimeout(timer);
    const toRetry = loss === null ? [] : failOrRetry(this.hand.jobs, loss);
    this.graceTimers.clear();
    this.hand.clear();
    this.known.clear();
    this.loading = null;
    this.ready = false;
    this.waiting = false;
    this.stuck = false;
    this.exclusive = false;
    this.used = 0;
    this.owner.down(this, toRetry, startFailure);
  }
}
