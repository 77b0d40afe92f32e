/**
 *   submit ─▶ queue ─▶ (a thread is free) ─▶ piscina ─▶ thread: inner loop ─▶ the task settles
 *               │                              │
 *             cancel: taken out              cancel: the thread is ended and replaced
 *
 * The queue is ours and piscina only gets what a thread can start at once: a job that is cancelled
 * before it starts then costs nothing, and the order is first in, first out. (piscina moves jobs
 * with a signal to a queue of their own.) Every submitted task settles: piscina rejects when a
 * thread ends, we reject what is left when the loop closes.
 */
import type { Piscina as PiscinaClass } from 'piscina';
import { hostNow } from '../../loop/clock.js';
import { CoreLoop } from '../../loop/core-loop.js';
import { JobCloneError, WorkerExitError } from '../../loop/errors.js';
import { Future } from '../../loop/future.js';
import type { LoopOptions, LoopPolicy, PortableJob, SubmitOptions } from '../../loop/policy.js';
import { checkPortable } from '../../loop/portable.js';
import type { Task } from '../../loop/task.js';
import { HostIo } from '../host-io.js';
import { MicrotaskScheduler } from '../microtask/microtask-scheduler.js';
import { unpackError } from './packed-error.js';
import type { Order, Outcome } from './worker.js';

type Pool = PiscinaClass<Order, Outcome>;

export class WorkersLoop extends CoreLoop {
  private readonly threads: number;
  private readonly pool: Pool;
  private readonly queue = new Set<PoolFuture<unknown>>();
  private inFlight = 0;

  constructor(
    policy: LoopPolicy,
    options: LoopOptions,
    Pool: typeof PiscinaClass,
    threads: number,
  ) {
    super(policy, options, (loop, onError) => {
      const scheduler = new MicrotaskScheduler(loop, hostNow, onError);
      return { scheduler, driver: scheduler, io: new HostIo(scheduler) };
    });
    this.threads = threads;
    this.pool = new Pool({
      filename: new URL('./worker.js', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      taskQueue: new Pool.FixedQueue(), // the default one is shared by all pools of the process
      recordTiming: false,
    });
    // A thread that dies between jobs: no job is lost, and piscina has replaced it already.
    this.pool.on('error', (error: unknown) =>
      this.scheduler.onError(error, 'a worker thread ended between jobs'),
    );
  }

  override get parallelism(): number {
    return this.threads;
  }

  override submit<I, O>(job: PortableJob<I, O>, input: I, options?: SubmitOptions): Task<O> {
    this.requireOpen('submit');
    checkPortable(job);
    const { module, export: name } = job;
    const future = new PoolFuture<O>(this, { module, export: name, input });
    this.queue.add(future);
    this.dispatch();
    return this.spawn(() => future, { name: options?.name ?? name });
  }

  /** @internal takes a job that has not started out of the queue */
  withdraw(future: PoolFuture<never> | PoolFuture<unknown>): boolean {
    return this.queue.delete(future);
  }

  protected override async release(): Promise<void> {
    for (const future of this.queue) future.cancel('the loop is closing');
    await this.pool.destroy();
  }

  private dispatch(): void {
    for (const future of this.queue) {
      if (this.inFlight >= this.threads) return;
      this.queue.delete(future);
      this.inFlight++;
      this.pool.run(future.order, { signal: future }).then(
        (outcome) => {
          this.free();
          if (outcome.ok) future.offer(outcome.value);
          else future.offerError(unpackError(outcome.error));
        },
        (error: unknown) => {
          this.free();
          future.offerError(poolError(error, future.order));
        },
      );
    }
  }

  private free(): void {
    this.inFlight--;
    if (this.queue.size > 0) this.dispatch();
  }
}

/** The result of a job in the pool; towards piscina it is also the signal that aborts it. */
class PoolFuture<T> extends Future<T> {
  readonly order: Order;
  private readonly owner: WorkersLoop;
  private abort: (() => void) | null = null;

  constructor(owner: WorkersLoop, order: Order) {
    super(owner.scheduler);
    this.owner = owner;
    this.order = order;
  }

  override cancel(message?: string): boolean {
    if (this.done) return false;
    this.owner.withdraw(this);
    super.cancel(message);
    this.abort?.();
    return true;
  }

  override label(): string {
    return 'a job in the pool';
  }

  /** @internal piscina's side */
  once(_event: 'abort', listener: () => void): void {
    this.abort = listener;
  }

  /** @internal piscina's side */
  off(): void {
    this.abort = null;
  }

  /** @internal piscina's side; it is typed to call `off` and calls this */
  removeListener(): void {
    this.abort = null;
  }
}

function poolError(error: unknown, order: Order): Error {
  const cause = error instanceof Error ? error : new Error(String(error));
  const what = `job ${order.export} of ${order.module}`;
  if (cause.name === 'DataCloneError') {
    return new JobCloneError(
      `${what}: its input or its result cannot be copied to another thread (${cause.message}): ` +
        'pass data only, no functions, sockets or class instances with behaviour',
      { cause },
    );
  }
  return new WorkerExitError(`${what}: the worker thread that ran it ended (${cause.message})`, {
    cause,
  });
}
