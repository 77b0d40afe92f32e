/**
 * A loop whose submitted jobs go to a pool of workers. `spawn`, timers and IO stay on this thread, on
 * V8's microtask queue.
 *
 *   submit ─▶ PoolJob ─▶ dispatcher ─▶ worker: an inner loop ─▶ the job's task settles
 *
 * Every submitted task settles, whatever happens: when a worker ends, its jobs are settled, whatever may never come has
 * a deadline (see slot.ts), and closing ends the rest.
 */
import { hostNow } from '../../loop/clock.js';
import { CoreLoop } from '../../loop/core-loop.js';
import { InvalidArgumentError, QueueFullError, quote } from '../../loop/errors.js';
import { Future } from '../../loop/future.js';
import { LinkedList, type Link } from '../../loop/linked-list.js';
import type { LoopOptions, LoopPolicy, PortableJob, SubmitOptions } from '../../loop/policy.js';
import { checkPortable } from '../../loop/portable.js';
import type { ErrorSink } from '../../loop/scheduler.js';
import type { Task } from '../../loop/task.js';
import { HostIo } from '../host/io.js';
import { MicrotaskScheduler } from '../microtask/microtask-scheduler.js';
import { Kinds } from './kind.js';
import { PoolJob, type AnyJob } from './pool-job.js';
import type { Timings } from './timings.js';

/** What decides where the jobs of a loop run. */
export interface JobQueue {
  /** How many jobs can run at the same time. */
  readonly parallelism: number;
  /** Jobs that nobody has been given yet. */
  readonly queued: number;
  readonly timings: Readonly<Timings>;
  /** Called when a job has left the queue. */
  onRoom: (() => void) | null;
  add(job: AnyJob): void;
  /** Gives away what can be given away. */
  flush(): void;
  close(): Promise<void>;
}

export class PoolLoop extends CoreLoop {
  private readonly maxQueue: number;
  private readonly dispatcher: JobQueue;
  private readonly kinds = new Kinds();
  private readonly waitingForRoom = new LinkedList<Room>();

  constructor(
    policy: LoopPolicy,
    loopOptions: LoopOptions,
    { maxQueue }: { readonly maxQueue: number },
    queue: (onError: ErrorSink) => JobQueue,
  ) {
    super(policy, loopOptions, (loop, onError) => {
      const scheduler = new MicrotaskScheduler(loop, hostNow, onError);
      return { scheduler, driver: scheduler, io: new HostIo(scheduler) };
    });
    this.maxQueue = maxQueue;
    this.dispatcher = queue((error, what) => this.scheduler.onError(error, what));
    if (maxQueue < Infinity) this.dispatcher.onRoom = this.giveRoom;
  }

  override get parallelism(): number {
    return this.dispatcher.parallelism;
  }

  /** Where the time of the jobs went. Covers jobs that gave a result, with the option `timings`. */
  get timings(): Readonly<Timings> {
    return this.dispatcher.timings;
  }

  override submit<I, O>(job: PortableJob<I, O>, input: I, options?: SubmitOptions): Task<O> {
    this.requireOpen('submit');
    checkPortable(job);
    if (options?.transfer !== undefined) checkTransfer(options.transfer);
    const pooled = new PoolJob<O>(this.scheduler, this.kinds.of(job), input, options);
    if (this.hasRoom()) this.dispatcher.add(pooled as AnyJob);
    else pooled.setError(this.queueFull(pooled));
    return this.spawn(() => pooled, { name: options?.name ?? job.export }).follows(pooled);
  }

  /**
   * Done when one more job has room in the queue (see `maxQueue`). A producer that waits for it before each `submit`
   * goes no faster than the workers.
   */
  room(): Future<void> {
    this.requireOpen('room');
    const future = new Room(this.scheduler, this.waitingForRoom);
    if (this.waitingForRoom.isEmpty && this.hasRoom()) future.setResult(undefined);
    else this.waitingForRoom.add(future);
    return future;
  }

  protected override release(): Promise<void> {
    for (const waiter of this.waitingForRoom.copy()) waiter.cancel('the loop is closing');
    return this.dispatcher.close();
  }

  private hasRoom(): boolean {
    const { maxQueue } = this;
    if (this.dispatcher.queued < maxQueue) return true;
    this.dispatcher.flush(); // some jobs may only wait for their microtask
    return this.dispatcher.queued < maxQueue;
  }

  /** Wakes one producer, and a moment later the next: the first may not submit after all. */
  private readonly giveRoom = (): void => {
    if (this.dispatcher.queued >= this.maxQueue) return;
    const first = this.waitingForRoom.shift();
    if (first === undefined) return;
    first.setResult(undefined);
    setImmediate(this.giveRoom);
  };

  private queueFull(job: PoolJob<never> | AnyJob): QueueFullError {
    return new QueueFullError(
      `${job.kind.label}: the queue has ${this.dispatcher.queued} jobs and maxQueue is ` +
        `${this.maxQueue}: wait for room() before you submit, or raise maxQueue`,
    );
  }
}

class Room extends Future<void> implements Link {
  older: Link | null = null;
  newer: Link | null = null;
  private readonly line: LinkedList<Room>;

  constructor(scheduler: ConstructorParameters<typeof Future>[0], line: LinkedList<Room>) {
    super(scheduler);
    this.line = line;
  }

  override cancel(message?: string): boolean {
    this.line.remove(this);
    return super.cancel(message);
  }

  override label(): string {
    return 'room in the queue';
  }
}

function checkTransfer(transfer: unknown): void {
  if (Array.isArray(transfer) && transfer.every((one) => typeof one === 'object' && one !== null)) {
    return;
  }
  throw new InvalidArgumentError(
    `transfer takes a list of ArrayBuffers or ports, but got ${quote(transfer)}: of a Buffer or a typed array pass its .buffer`,
  );
}
