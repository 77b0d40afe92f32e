/**
 * The loop that every policy builds on: the contract's verbs over one scheduler. A policy adds a
 * driver, which decides when turns come, and its IO; `submit` runs here unless it is overridden.
 *
 *      run/runForever ──▶ driver.start ──▶ turn, turn, turn … ──▶ driver.stop ──▶ the promise
 */
import {
  InvalidArgumentError,
  LoopClosedError,
  LoopRunningError,
  LoopStoppedError,
  NotSupportedError,
  checkDelay,
  quote,
} from './errors.js';
import { Future } from './future.js';
import { Instruments } from './instruments/instrument.js';
import { SlowSteps } from './instruments/slow-steps.js';
import type { Io } from './io.js';
import type {
  CloseReport,
  Handle,
  Job,
  Loop,
  LoopOptions,
  LoopPolicy,
  PortableJob,
  SpawnOptions,
  SubmitOptions,
  Timer,
} from './policy.js';
import { checkPortable, loadJob, loadedJob } from './portable.js';
import { deadlock, sinkOf, warn } from './reporting.js';
import { Operation } from './operation.js';
import { type Scheduler, type ErrorSink } from './scheduler.js';
import { isCoroutine, isThenable } from './job.js';
import { Task } from './task.js';

/** How turns are started: by the host's macrotasks, by a native loop, by hand. */
export interface Driver {
  /** Begins to call `turn` as work comes up, until `stop`. */
  start(): void;
  /** `loop.stopping` has become true: the driver makes sure that the turn after which the loop stops will come. */
  requestStop(): void;
  /** Calls no more turns. */
  stop(): void;
  /** Runs one turn now, for `runOnce`. Absent if the policy cannot be stepped. */
  step?(): void;
  /** Releases what it holds of the host. */
  close(): void | Promise<void>;
}

/** IO that the loop closes when it closes. */
export interface OwnedIo extends Io {
  /** Closes every open stream and server, waits until they are closed, and returns what is still under way. */
  close(): Promise<readonly string[]>;
}

export interface LoopParts {
  scheduler: Scheduler;
  driver: Driver;
  io: OwnedIo;
}

/** How long `close` waits for async functions of cancelled tasks, in ms. */
const CLOSE_GRACE_MS = 1000;

export class CoreLoop implements Loop {
  readonly policy: LoopPolicy;
  /** @internal */
  readonly scheduler: Scheduler;
  private readonly ownedIo: OwnedIo;
  private readonly driver: Driver;
  private ending: ((outcome: 'stopped' | Error) => void) | null = null;
  private stopAsked = false;
  private stepping = false;
  private closing: Promise<CloseReport> | null = null;
  private state: 'open' | 'closing' | 'closed' = 'open';

  constructor(
    policy: LoopPolicy,
    options: LoopOptions,
    build: (loop: CoreLoop, onError: ErrorSink) => LoopParts,
  ) {
    this.policy = policy;
    const parts = build(this, sinkOf(options));
    this.scheduler = parts.scheduler;
    this.scheduler.watch = instrumentsOf(options);
    this.driver = parts.driver;
    this.ownedIo = parts.io;
  }

  get parallelism(): number {
    return 1;
  }

  /** What became of submitted jobs, counted, where jobs go beyond this machine; null elsewhere. */
  get ledger(): Readonly<Record<string, number>> | null {
    return null;
  }

  get running(): boolean {
    return this.ending !== null || this.stepping;
  }

  get closed(): boolean {
    return this.state === 'closed';
  }

  /** Checked here and not in each policy, so that no IO begins that nobody would close. */
  get io(): Io {
    this.requireOpen('io');
    return this.ownedIo;
  }

  async run<T>(job: Job<T>): Promise<T> {
    this.requireIdle('run');
    const main = this.spawn(job);
    await this.drive(main);
    return main.result();
  }

  async runForever(): Promise<void> {
    this.requireIdle('runForever');
    await this.drive(null);
  }

  runOnce(): boolean {
    this.requireIdle('runOnce');
    if (this.driver.step === undefined) {
      throw new NotSupportedError(
        `the ${this.policy.name} policy cannot be stepped: its capabilities.step is false; use run()`,
      );
    }
    this.stepping = true;
    try {
      this.driver.step();
    } finally {
      this.stepping = false;
    }
    return this.scheduler.delay() < Infinity;
  }

  stop(): void {
    this.requireOpen('stop');
    if (this.state === 'closing') return; // it ends by itself, when all is cleaned up
    this.stopAsked = true;
    if (this.running) this.driver.requestStop();
  }

  spawn<T>(job: Job<T>, options?: SpawnOptions): Task<T> {
    this.requireOpen('spawn');
    return new Task(this.scheduler, job, options);
  }

  submit<I, O>(job: PortableJob<I, O>, input: I, options?: SubmitOptions): Task<O> {
    this.requireOpen('submit');
    checkPortable(job);
    const known = job.job ?? loadedJob(job);
    const run: Job<O> =
      known === undefined ? loadAndRun(job, input) : (loop, task) => known(loop, input, task);
    return this.spawn(run, { name: options?.name ?? job.export });
  }

  callSoon(callback: () => void): Handle {
    this.requireOpen('callSoon');
    requireFunction(callback, 'callSoon');
    const handle = this.scheduler.handle(callback);
    this.scheduler.soon(handle);
    return handle;
  }

  callLater(ms: number, callback: () => void): Timer {
    this.requireOpen('callLater');
    checkDelay(ms, 'callLater');
    requireFunction(callback, 'callLater');
    return this.scheduler.at(this.scheduler.now() + ms, callback);
  }

  callAt(when: number, callback: () => void): Timer {
    this.requireOpen('callAt');
    checkDelay(when, 'callAt');
    requireFunction(callback, 'callAt');
    return this.scheduler.at(when, callback);
  }

  wake(callback: () => void): void {
    this.callSoon(callback);
  }

  now(): number {
    return this.scheduler.now();
  }

  future<T>(): Future<T> {
    return new Future<T>(this.scheduler);
  }

  adopt<T>(promise: PromiseLike<T>): Future<T> {
    if (!isThenable<T>(promise)) {
      throw new InvalidArgumentError(
        `adopt() takes a promise, but got ${quote(promise)}: wait for a future with yield*`,
      );
    }
    const future = new Operation<T>(this.scheduler, 'a promise');
    promise.then(
      (value) => future.offer(value),
      (error: unknown) => future.offerError(error),
    );
    return future;
  }

  close(): Promise<CloseReport> {
    if (this.closing !== null) return this.closing;
    if (this.running) {
      return Promise.reject(
        new LoopRunningError('close() was called on a running loop: wait for run(), or stop() it'),
      );
    }
    this.state = 'closing';
    this.stopAsked = false;
    this.closing = this.shutDown();
    return this.closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pending, failures, abandoned } = await this.close();
    for (const { name, waitingFor } of pending) {
      warn(undefined, `task '${name}' was pending (${waitingFor ?? 'ready'}) when its loop closed`);
    }
    for (const { name, error } of failures) warn(error, `${name} failed, and nobody looked`);
    for (const name of abandoned) warn(undefined, `${name} could not be ended, and still runs`);
  }

  /** @internal the driver asks after each turn whether to go on */
  get stopping(): boolean {
    return this.stopAsked;
  }

  /** @internal the driver saw `stopping` and stops here */
  stopped(): void {
    this.ending?.('stopped');
  }

  /** Runs turns until `until` is done, or until `stop()` when it is null. */
  private async drive(until: Task<unknown> | null): Promise<void> {
    const outcome = await new Promise<'done' | 'stopped' | Error>((resolve) => {
      const end = (how: 'done' | 'stopped' | Error): void => {
        if (this.ending !== end) return;
        this.ending = null;
        this.stopAsked = false;
        running.delete(this);
        until?.unwait(watcher);
        this.driver.stop();
        resolve(how);
      };
      const watcher = { settled: () => end('done'), watches: true };
      this.ending = end;
      running.add(this);
      this.driver.start();
      until?.wait(watcher);
    });
    if (outcome instanceof Error) throw outcome;
    if (until === null || until.done) return;
    throw new LoopStoppedError(
      `stop() ended run() before ${until.label()} was done: its task goes on when the loop runs again`,
    );
  }

  /** @internal the host has nothing left to do, so nothing can ever wake this loop */
  hostIsIdle(): void {
    this.ending?.(deadlock(this.scheduler));
  }

  /** @internal the driver cannot run this loop here */
  refused(error: Error): void {
    this.ending?.(error);
  }

  private async shutDown(): Promise<CloseReport> {
    const { scheduler } = this;
    const pending = scheduler
      .pendingTasks()
      .map((task) => ({ name: task.name, waitingFor: task.waitingFor }));
    const stuck = await this.cancelAll().catch((deadlocked: unknown) => ({ deadlocked }));
    const running = await this.waitForRemains();
    scheduler.timers.clear();
    const abandoned = [...running, ...(await this.ownedIo.close())];
    await this.driver.close();
    await this.release();
    this.state = 'closed';
    const failures = [...scheduler.failures].map(({ name, error }) => ({ name, error }));
    scheduler.failures.clear();
    if (stuck !== undefined) throw stuck.deadlocked;
    return { pending, failures, abandoned };
  }

  /** Cancels every task once, including those that clean-up spawns, and runs until all are done. */
  private async cancelAll(): Promise<void> {
    const { scheduler } = this;
    const asked = new Set<Task<unknown>>();
    for (let left = scheduler.pendingTasks(); left.length > 0; left = scheduler.pendingTasks()) {
      for (const task of left) {
        if (!asked.has(task)) task.cancel('the loop is closing');
        asked.add(task);
      }
      const [first] = left;
      if (first !== undefined && !first.done) await this.drive(first);
    }
  }

  /** Releases what a policy holds besides its driver and its IO. */
  protected async release(): Promise<void> {}

  private async waitForRemains(): Promise<string[]> {
    const { remains } = this.scheduler;
    if (remains.size === 0) return [];
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_GRACE_MS)));
    await Promise.race([Promise.allSettled(remains.keys()), grace]);
    clearTimeout(timer);
    return [...remains.values()];
  }

  protected requireOpen(verb: string): void {
    if (this.state !== 'closed') return;
    throw new LoopClosedError(
      `${verb}() was called on a closed ${this.policy.name} loop: open another with policy.open()`,
    );
  }

  private requireIdle(verb: string): void {
    if (this.state !== 'open') {
      throw new LoopClosedError(
        `${verb}() was called on a ${this.state} ${this.policy.name} loop: open another with policy.open()`,
      );
    }
    if (!this.running) return;
    throw new LoopRunningError(
      `${verb}() was called on a loop that runs already: use spawn() for work beside it`,
    );
  }
}

function loadAndRun<I, O>(job: PortableJob<I, O>, input: I): Job<O> {
  return function* (loop, task) {
    const loaded = yield* loop.adopt(loadJob<I, O>(job));
    const outcome = loaded(loop, input, task);
    if (isCoroutine<O>(outcome)) return yield* outcome;
    return isThenable<O>(outcome) ? yield* loop.adopt(outcome) : (outcome as O);
  };
}

function instrumentsOf({ instruments = [], debug = false }: LoopOptions): Instruments | null {
  const all = debug ? [...instruments, new SlowSteps()] : instruments;
  return all.length === 0 ? null : new Instruments(all);
}

function requireFunction(value: unknown, verb: string): void {
  if (typeof value === 'function') return;
  throw new InvalidArgumentError(`${verb}() takes a callback function, but got ${quote(value)}`);
}

/**
 * Loops that are running. When the host has nothing left to do it emits `beforeExit`: a loop that still waits then
 * would wait for ever.
 */
const running = new Set<CoreLoop>();
process.on('beforeExit', () => {
  for (const loop of running) loop.hostIsIdle();
});
