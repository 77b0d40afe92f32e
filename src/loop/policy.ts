/**
 * The contract: how concurrent work is written, apart from where it runs.
 *
 *   LoopPolicy ──open()──▶ Loop ──run/spawn/submit──▶ Task, a Future of the job's result
 *
 * A policy is a plain value that is passed explicitly; there is no global current one.
 */
import type { FileHandle } from 'node:fs/promises';
import type { MessagePort } from 'node:worker_threads';
import type { Future } from './future.js';
import type { Instrument } from './instruments/instrument.js';
import type { Io } from './io.js';
import type { Task } from './task.js';

/**
 * One unit of work: a generator function (the policy schedules every step), an async function or a plain function. It
 * receives its loop and its own task.
 */
export type Job<T> = (loop: Loop, task: Task<unknown>) => Coroutine<T> | PromiseLike<T> | T;

/** The first-class coroutine: a generator, so that the policy decides what runs next. */
export type Coroutine<T> = Generator<Suspension, T, unknown>;

/** What a coroutine may yield: a future to wait for, or nothing, which lets the others run. */
export type Suspension = Future<unknown> | undefined | void;

/** A job that can cross to a thread, process or machine, because it is named and not a closure. */
export interface PortableJob<I = unknown, O = unknown> {
  /** The module that exports it: an absolute URL such as `import.meta.url`. */
  readonly module: string;
  /** The name of the export in that module. */
  readonly export: string;
  /** The function itself, if the module is loaded. When absent, the module is imported. */
  readonly job?: PortableFunction<I, O>;
}

/**
 * Input and result must survive `structuredClone`. An async function that can run for long should watch `task.signal`
 * to learn that it was cancelled.
 */
export type PortableFunction<I, O> = (
  loop: Loop,
  input: I,
  task: Task<unknown>,
) => Coroutine<O> | PromiseLike<O> | O;

export interface LoopPolicy<Options extends object = object> {
  /** Unique and short: `queue`, `microtask`, `uv`, `workers`, or a name of your own. */
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  readonly capabilities: Capabilities;
  /** Whether the policy can be opened on this machine. Never throws. */
  probe(): Promise<Availability>;
  /** Opens a loop. Rejects with PolicyUnavailableError if `probe` says that it cannot. */
  open(options?: Options & LoopOptions): Promise<Loop>;
}

/** What a policy can do. The conformance suite and the harness choose their cases by it. */
export interface Capabilities {
  /** Timers and IO make progress while callbacks keep scheduling each other. */
  readonly fair: boolean;
  /** `runOnce` works: the loop can be driven by hand, one turn at a time. */
  readonly step: boolean;
  /** `submit` runs jobs in parallel with this thread. */
  readonly parallel: boolean;
  /** `now`, timers and sleeps follow real time. */
  readonly realTime: boolean;
}

export type Availability =
  { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly remedy: string };

export interface LoopOptions {
  /**
   * Called with every error that has no caller: a scheduled callback threw, or a task or another future failed and
   * nobody looked (`future.ignore()` says that nobody will). Default: a process warning named `LoopdynoWarning`.
   */
  onError?: (error: unknown, what: string) => void;
  /** Instruments that watch the loop at work. */
  instruments?: readonly Instrument[];
  /** Warns of steps that hold the loop for more than 100 ms, with the task and where it was spawned. */
  debug?: boolean;
}

export interface SpawnOptions {
  /** The task's name in reports and errors. Default `task-N`. */
  name?: string;
  /** Higher runs sooner, under a strategy that uses priorities. Default 0. */
  priority?: number;
}

/** Where jobs run on this thread, nothing is moved or repeated, and only `name` has an effect. */
export interface SubmitOptions extends SpawnOptions {
  /**
   * The job may run twice with the same effect as once. It is run again if its worker ended because of another job, but
   * not with `transfer`, since what was moved is gone.
   */
  idempotent?: boolean;
  /** Parts of the input (ArrayBuffers, ports) that are moved to a worker thread instead of copied. */
  transfer?: readonly Transferable[];
  /** Moves the ArrayBuffers of the result, or of its own fields or elements, instead of copying them. */
  moveResult?: boolean;
}

/** What can be moved between threads. */
export type Transferable = ArrayBuffer | MessagePort | FileHandle;

export interface Loop extends AsyncDisposable {
  readonly policy: LoopPolicy;
  /** How many submitted jobs can run in parallel; 1 unless the policy is parallel. */
  readonly parallelism: number;

  /** Foreground: runs the loop until the job is complete, and gives its result or throws its error. */
  run<T>(job: Job<T>): Promise<T>;
  /** Background, on this loop's thread. The task proceeds while the loop runs. */
  spawn<T>(job: Job<T>, options?: SpawnOptions): Task<T>;
  /** Background, wherever this policy executes jobs. The task settles, whatever happens there. */
  submit<I, O>(job: PortableJob<I, O>, input: I, options?: SubmitOptions): Task<O>;

  /** Calls `callback` in the next turn, after everything that is ready now. */
  callSoon(callback: () => void): Handle;
  /** Calls `callback` after `ms` milliseconds, never early. */
  callLater(ms: number, callback: () => void): Timer;
  /** Calls `callback` at `when`, in ms of this loop's clock. */
  callAt(when: number, callback: () => void): Timer;
  /** Like `callSoon`, but may be called from anywhere: a host callback, another loop's job, a message from a thread. */
  wake(callback: () => void): void;
  /** This loop's clock: ms, monotonic, from an arbitrary start. */
  now(): number;

  /** A future that the caller settles. */
  future<T>(): Future<T>;
  /** A future for a promise's outcome, so that a coroutine can wait for any library. */
  adopt<T>(promise: PromiseLike<T>): Future<T>;

  /** Runs until `stop()`. */
  runForever(): Promise<void>;
  /** Runs one turn by hand and returns whether anything is left to run. Needs `capabilities.step`. */
  runOnce(): boolean;
  /** Ends `run` or `runForever` after the current turn. Called before either, it ends them after their first turn. */
  stop(): void;
  /** Cancels what is left, waits for its clean-up, closes IO, and reports what was still pending. */
  close(): Promise<CloseReport>;

  readonly running: boolean;
  readonly closed: boolean;
  readonly io: Io;
}

/** A callback that was scheduled and may still be cancelled. */
export interface Handle {
  /** True once `cancel()` was called before the callback ran. */
  readonly cancelled: boolean;
  /** Cancels the callback. Does nothing if it has run or was cancelled before. */
  cancel(): void;
}

/** A handle with a deadline. */
export interface Timer extends Handle {
  /** When it is due, in ms of its loop's clock. */
  readonly when: number;
}

/** What a loop found when it closed. All lists are empty if nothing was left behind. */
export interface CloseReport {
  /** Every task that was not done, oldest first. */
  readonly pending: readonly { readonly name: string; readonly waitingFor: string | null }[];
  /** Every failure that nobody looked at: of a task, by its name, or of another future, by its purpose. */
  readonly failures: readonly { readonly name: string; readonly error: unknown }[];
  /**
   * What could not be cancelled and still ran a second later: async functions of cancelled tasks, by name, and reads
   * and writes of files that hold a thread, for example `a read of '/run/pipe'`.
   */
  readonly abandoned: readonly string[];
}
