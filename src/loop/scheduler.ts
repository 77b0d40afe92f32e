/**
 * The scheduler: who may run next. Every policy shares it; a policy only decides when, and on
 * which thread and clock, the next turn comes.
 *
 *      soon(x) ──▶ ready ring ──┐
 *                      ▲        ├─ turn(): due timers become ready, then a *snapshot* of the ring
 *      timer heap ─────┘        │          runs: what becomes ready meanwhile waits for the next
 *                               ▼          turn, so a callback that schedules itself again and
 *                        ms until the      again cannot keep IO and timers from their turn
 *                        next deadline
 *
 * A turn costs O(k + d log n): k entries ready, d of n timers due. The clock is only read when
 * there are timers.
 */
import type { Instruments } from './instruments/instrument.js';
import { Ring, type ReadyQueue, type Runnable } from './ring.js';
import type { Loop, Timer } from './policy.js';
import { ScheduledCallback, type CallbackOwner } from './scheduled-callback.js';
import { TimerHeap } from './timer-heap.js';
import { CancelledError } from './errors.js';
import type { Future } from './future.js';
import { Task } from './task.js';
import { LinkedList } from './linked-list.js';

/** Told of errors that no caller can be handed: a callback threw, a future failed and nobody looked at it. */
export type ErrorSink = (error: unknown, what: string) => void;

/** What failed with nobody waiting for it. */
export interface FailureRecord {
  readonly name: string;
  readonly what: string;
  readonly error: unknown;
}

export class Scheduler {
  /** The loop that jobs are handed. */
  readonly loop: Loop;
  /** This loop's clock: ms, monotonic. */
  readonly now: () => number;
  readonly onError: ErrorSink;
  /** Who watches; null, and next to no cost, when nobody does. */
  watch: Instruments | null = null;
  /** @internal tasks that were ever spawned here; the last one's id */
  spawned = 0;
  /** @internal the tasks that have waited and are not done: held here, so held strongly */
  readonly waited = new LinkedList<Task<unknown>>();
  /** @internal called when something becomes ready while the driver sleeps */
  wakeUp: (() => void) | null = null;
  /** @internal failures that nobody has seen yet */
  readonly failures = new Set<FailureRecord>();
  private readonly recordOf = new WeakMap<Future<unknown>, FailureRecord>();
  /** @internal async functions that may still be running although their tasks were cancelled */
  readonly remains = new Map<Promise<unknown>, string>();
  private readonly collected = new FinalizationRegistry<FailureRecord>((record) => {
    if (this.failures.delete(record)) this.onError(record.error, record.what);
  });
  protected readonly ready: ReadyQueue;
  private readonly callbacks: CallbackOwner = {
    threw: (error) => this.onError(error, 'a callback threw'),
    cancelledOne() {},
  };
  readonly timers = new TimerHeap(this.callbacks);

  constructor(
    loop: Loop,
    now: () => number,
    onError: ErrorSink,
    ready: ReadyQueue = new Ring<Runnable>(),
  ) {
    this.loop = loop;
    this.ready = ready;
    this.now = now;
    this.onError = onError;
  }

  /** Makes `entry` ready: it runs after all that is ready now. */
  soon(entry: Runnable): void {
    this.ready.push(entry);
    if (this.wakeUp !== null) this.wakeUp();
  }

  handle(callback: () => void): ScheduledCallback {
    return new ScheduledCallback(callback, this.callbacks);
  }

  at(when: number, callback: () => void): Timer {
    const timer = this.timers.add(when, callback);
    if (this.wakeUp !== null) this.wakeUp();
    return timer;
  }

  /** Runs one turn and says how many entries it ran. */
  turn(): number {
    const { ready, timers, watch } = this;
    if (timers.size > 0) timers.moveDue(this.now(), ready);
    const { size } = ready;
    if (watch !== null) watch.turnStarted(size);
    for (let left = size; left > 0; left--) (ready.shift() as Runnable).run();
    if (watch !== null) watch.turnEnded();
    return size;
  }

  /** Ms until the next turn is due: 0 at once, Infinity when nothing is planned. */
  delay(): number {
    if (this.ready.size > 0) return 0;
    if (this.timers.size === 0) return Infinity;
    return Math.max(0, this.timers.next() - this.now());
  }

  get readyCount(): number {
    return this.ready.size;
  }

  /** The tasks that are not done, oldest first. Between steps, a task has waited or is ready. */
  pendingTasks(): Task<unknown>[] {
    const found = new Set<Task<unknown>>(this.waited);
    for (const entry of this.ready) {
      if (entry instanceof Task && !entry.done) found.add(entry as Task<unknown>);
    }
    return [...found].sort((a, b) => a.id - b.id);
  }

  /**
   * @internal Notes a future that failed while nobody waited. Its error is reported when the future is collected unseen,
   * as asyncio does, and at the latest when the loop closes.
   */
  unseen(future: Future<never> | Future<unknown>, error: unknown): void {
    if (error instanceof CancelledError) return;
    // A stack that V8 has not formatted yet holds the receivers of its frames, and so the future.
    if (error instanceof Error) void error.stack;
    const record = { name: future.title, what: `${future.label()} failed`, error };
    this.failures.add(record);
    this.recordOf.set(future, record);
    this.collected.register(future, record);
  }

  /** @internal Somebody has looked at how it failed. */
  seen(future: Future<never> | Future<unknown>): void {
    if (this.failures.size === 0) return;
    const record = this.recordOf.get(future);
    if (record !== undefined) this.failures.delete(record);
  }

  /** @internal Notes an async function whose task was cancelled: it may still be running. */
  leaveBehind(name: string, body: Promise<unknown>): void {
    this.remains.set(body, name);
    const forget = (): void => void this.remains.delete(body);
    body.then(forget, forget);
  }
}
