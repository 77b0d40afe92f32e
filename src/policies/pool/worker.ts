/**
 * A worker's side of a pool: it runs the jobs that it is sent on a loop of its own, and reports their outcome.
 *
 *   Run ─▶ backlog ─▶ (fewer than `concurrency` run) ─▶ running ─┬─▶ outbox ─▶ Done
 *                                                                └─▶ Failed
 *
 * Results gather in the outbox. It is posted at once when nothing is left to do; when its oldest result has been there
 * for FLUSH_MS; and, when jobs wait, as the event loop comes round. So a burst of short jobs is one message, and no
 * result waits for a slower job. Only posting shows that a result cannot be copied; then the results are posted one by
 * one. (Trying a copy of each result first would copy every result twice.)
 */
import { hostNow } from '../../loop/clock.js';
import { JobCloneError } from '../../loop/errors.js';
import type { Future, Waiter } from '../../loop/future.js';
import { isThenable } from '../../loop/job.js';
import type { Loop, PortableFunction } from '../../loop/policy.js';
import type { Link } from '../../loop/linked-list.js';
import { Ring } from '../../loop/ring.js';
import type { Task } from '../../loop/task.js';
import { JobTable, type Numbered } from './job-table.js';
import { loadInWorker } from './loading.js';
import { buffersOf } from './move.js';
import { packError, type PackedError } from './packed-error.js';
import * as wire from './protocol.js';

/** A fraction of what a message costs at both ends, so that a burst still shares one message. */
const FLUSH_MS = 0.2;
/** How long a cancelled async function may take to notice, in ms. */
const LEFT_MS = 20;

type AnyFunction = PortableFunction<unknown, unknown>;

/** How the worker answers, and what it does while it is idle. */
export interface PoolChannel {
  /** Throws when the message cannot be copied, having sent nothing. */
  post(message: wire.FromWorker, transfer?: ArrayBuffer[]): void;
  /** A job is about to begin; it must not if this is false, since the pool has taken it back. */
  begin(seq: number): boolean;
  /** All work is done. `waited`: some job has waited for the event loop at some time. */
  idle(waited: boolean): void;
}

export class PoolWorker {
  readonly loop: Loop;
  readonly channel: PoolChannel;
  private readonly concurrency: number;
  private readonly kinds = new Map<number, LoadedKind>();
  private readonly jobs = new JobTable<Running>();
  private readonly backlog = new Ring<Running>();
  private running = 0;
  private outbox: Running[] = [];
  private values: unknown[] = [];
  private stamps: number[] = [];
  private toMove: ArrayBuffer[] = [];
  private waitedNow = false;
  private everWaited = false;
  private oldest = 0;
  private busySince = 0;
  private reportWaiting = false;
  private someTakenBack = false;
  private ticking = false;

  constructor(loop: Loop, channel: PoolChannel, concurrency: number) {
    this.loop = loop;
    this.channel = channel;
    this.concurrency = concurrency;
  }

  get idle(): boolean {
    return this.jobs.size === 0;
  }

  receive(message: wire.ToWorker): void {
    switch (message[0]) {
      case wire.Run:
        return this.take(message[1], message[2], message[3], message[4]);
      case wire.Load:
        return this.load(message[1], message[2], message[3]);
      case wire.Cancel:
        return this.jobs.get(message[1])?.cancel(message[2]);
    }
  }

  private load(id: number, module: string, name: string): void {
    const kind = new LoadedKind(`job ${name} of ${module}`);
    this.kinds.set(id, kind);
    this.channel.post([wire.Loading, id]);
    loadInWorker({ module, export: name }).then(
      (fn) => this.loaded(id, kind, fn),
      (error: unknown) => this.loaded(id, kind, () => Promise.reject(error)),
    );
  }

  private loaded(id: number, kind: LoadedKind, fn: AnyFunction): void {
    kind.fn = fn;
    this.channel.post([wire.Loaded, id]);
    for (const job of kind.early) this.backlog.push(job);
    kind.early = [];
    this.startMore();
  }

  private take(id: number, first: number, inputs: unknown[], flags: number): void {
    const kind = this.kinds.get(id) as LoadedKind;
    // Messages arrive when the event loop is free: a job that does not wait is not running now.
    if (this.outbox.length === 0) this.busySince = hostNow();
    this.reportWaiting = (flags & wire.REPORT_WAITING) !== 0;
    for (let i = 0; i < inputs.length; i++) {
      const job = new Running(this, kind, first + i, inputs[i], flags);
      this.jobs.add(job);
      if (kind.fn === null) kind.early.push(job);
      else this.backlog.push(job);
    }
    this.startMore();
  }

  private startMore(): void {
    while (this.running < this.concurrency) {
      const job = this.backlog.shift();
      if (job === undefined) break;
      if (job.newer === null) continue; // cancelled
      this.running++;
      job.start();
    }
    if (this.running > 0) this.tickLater();
  }

  /** @internal a job is done, and so is its task */
  finished(job: Running, task: Task<unknown>): void {
    this.running--;
    this.jobs.remove(job);
    if (job.takenBack) {
      this.someTakenBack = true; // another worker may have it by now
    } else if (task.hasFailed) {
      this.channel.post([wire.Failed, job.seq, task.cancelled ? null : failureOf(task), job.left]);
    } else {
      if (this.outbox.length === 0) this.oldest = hostNow();
      this.outbox.push(job);
      this.values.push(task.value);
      if (job.waited) this.waitedNow = true;
      if ((job.flags & wire.TIMED) !== 0) this.stamps.push(job.began, hostNow());
      if ((job.flags & wire.MOVE) !== 0) this.toMove.push(...buffersOf(task.value));
    }
    this.startMore();
    if (this.jobs.size === 0) {
      this.flush();
      if (this.someTakenBack) this.channel.post([wire.Free]);
      this.someTakenBack = false;
      this.channel.idle(this.everWaited);
    } else if (this.outbox.length > 0 && hostNow() - this.oldest > FLUSH_MS) {
      this.flush();
    }
  }

  /** @internal a job that had not begun was cancelled */
  dropped(job: Running): void {
    this.jobs.remove(job);
    this.channel.post([wire.Failed, job.seq, null, false]);
    if (this.jobs.size === 0) this.channel.idle(this.everWaited);
  }

  /** Posts the results in the outbox. Also called when the worker ends, if it still can. */
  flush(): void {
    const { outbox, values, stamps, waitedNow, toMove } = this;
    if (outbox.length === 0) return;
    const now = hostNow();
    const busyMs = now - this.busySince;
    this.busySince = now;
    this.outbox = [];
    this.values = [];
    this.stamps = [];
    this.toMove = [];
    this.waitedNow = false;
    const seqs = outbox.map((job) => job.seq);
    const message = [wire.Done, seqs, values, waitedNow, busyMs, stamps] as const;
    try {
      if (toMove.length === 0) this.channel.post(message);
      else this.channel.post(message, [...new Set(toMove)]);
    } catch {
      for (const [i, job] of outbox.entries()) this.postAlone(job, values[i]);
    }
  }

  /** Copies everything, even what was to be moved: what cannot be moved can often be copied. */
  private postAlone(job: Running, value: unknown): void {
    const { seq, kind } = job;
    try {
      this.channel.post([wire.Done, [seq], [value], job.waited, -1, [job.began, hostNow()]]);
    } catch (cause) {
      const error = new JobCloneError(
        `${kind.label}: its result cannot be copied to where it was submitted (${(cause as Error).message}): ` +
          'return data only',
        { cause },
      );
      this.channel.post([wire.Failed, seq, packError(error), false]);
    }
  }

  /** The event loop has come round: jobs that have begun and are still there wait for it. */
  private tickLater(): void {
    if (this.ticking) return;
    this.ticking = true;
    setImmediate(this.tick);
  }

  private readonly tick = (): void => {
    this.ticking = false;
    this.flush();
    if (this.running === 0) return;
    let allWait = true;
    for (const job of this.jobs) {
      if (job.begun) job.waited = true;
      else allWait = false;
    }
    if (!allWait) return this.tickLater();
    this.everWaited = true;
    if (!this.reportWaiting) return;
    this.reportWaiting = false;
    this.channel.post([wire.Waiting]);
  };
}

class LoadedKind {
  readonly label: string;
  fn: AnyFunction | null = null;
  /** Jobs that arrived before their module was loaded. */
  early: Running[] = [];

  constructor(label: string) {
    this.label = label;
  }
}

/**
 * A job in hand. It drops its input when it begins and its task when that is done: a job that has become old keeps alive
 * what it points to until the next full collection.
 */
class Running implements Waiter, Numbered {
  older: Link | null = null;
  newer: Link | null = null;
  readonly seq: number;
  readonly flags: number;
  began = 0;
  begun = false;
  private started = false;
  waited = false;
  /** The job was cancelled, but its async function still runs. */
  left = false;
  takenBack = false;
  private readonly worker: PoolWorker;
  readonly kind: LoadedKind;
  private input: unknown;
  private task: Task<unknown> | null = null;
  /** What an async function returned. */
  private body: PromiseLike<unknown> | null = null;

  constructor(worker: PoolWorker, kind: LoadedKind, seq: number, input: unknown, flags: number) {
    this.worker = worker;
    this.kind = kind;
    this.seq = seq;
    this.input = input;
    this.flags = flags;
  }

  start(): void {
    this.started = true;
    this.task = this.worker.loop.spawn(this.run);
    this.task.wait(this);
  }

  private readonly run = (loop: Loop, task: Task<unknown>): unknown => {
    if (!this.worker.channel.begin(this.seq)) {
      this.takenBack = true;
      return undefined;
    }
    this.begun = true;
    if ((this.flags & wire.TIMED) !== 0) this.began = hostNow();
    const { input } = this;
    this.input = undefined;
    const outcome = (this.kind.fn as AnyFunction)(loop, input, task);
    if (isThenable(outcome)) this.body = outcome;
    return outcome;
  };

  settled(): void {
    const { task, body } = this;
    if (task === null) return;
    this.task = null;
    if (task.cancelled && body !== null) void this.afterBody(task, body);
    else this.worker.finished(this, task);
  }

  cancel(message: string): void {
    if (!this.started) this.worker.dropped(this);
    else this.task?.cancel(message);
  }

  /** An async function cannot be interrupted, but it may be watching its signal. */
  private async afterBody(task: Task<unknown>, body: PromiseLike<unknown>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, LEFT_MS, 'late')));
    const over = Promise.resolve(body).then(
      () => 'over',
      () => 'over',
    );
    this.left = (await Promise.race([over, late])) === 'late';
    clearTimeout(timer);
    this.worker.finished(this, task);
  }
}

function failureOf(task: Future<unknown>): PackedError {
  return packError(task.failure());
}
