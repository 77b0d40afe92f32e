/**
 * A workload: the identical work that every contestant does.
 *
 *   workload × params = case          the fixture (servers, clients, files) is opened once per
 *        │                            case, in a process of its own; what it says is `facts`
 *        ▼
 *   start(loop, setup) = session      in the contestant: verify() once, then, slice by slice,
 *                                     batch(n) batch(n) … rest(), and close() in the end
 *
 * Work flows on from one batch to the next: `batch` waits until n more jobs are done and leaves
 * those that have begun under way. A batch that had to wait for its last job would measure how work
 * starts and ends, which under a pool or with long jobs is most of a slice.
 *
 *   lane 1  ├──job──┼──job──┼──job──┼──job──┤
 *   lane 2    ├──job──┼──job──┼──job──┼──job──┤
 *              batch(3)┘    batch(3)┘    rest()┘
 */
import type { Load, Offered } from './open-loop.js';
import type { Coroutine, Loop } from '../loop/policy.js';
import type { Counts } from '../stats/histogram.js';

export type Kind = 'cpu' | 'io' | 'mixed';
export const KINDS: readonly Kind[] = ['cpu', 'io', 'mixed'];

/** What tells one case of a workload from another, such as `{ size: 1024 }`. */
export type Params = Readonly<Record<string, number | string>>;

/** What a fixture tells its contestants, such as a port; JSON. */
export type Facts = Readonly<Record<string, number | string>>;

export interface Workload {
  /** Unique and short. */
  readonly name: string;
  readonly kind: Kind;
  /** One line for people. */
  readonly summary: string;
  /** One case each; `[{}]` where there is nothing to vary. */
  readonly cases: readonly Params[];
  /** Its first case is measured where a first answer is wanted soon (`--quick`). */
  readonly quick?: boolean;
  /**
   * How many of its cases, the first ones, a run measures that names no workload. Default: all. With 0 it is measured
   * when it is named, or with `--all`.
   */
  readonly standard?: number;
  /** Numeric parameters that can be swept, and what each counts, such as `{ us: 'µs per job' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What lives outside the contestants, if the work needs it. */
  readonly fixture?: FixtureRef;
  /**
   * The work as data, where it is made of independent jobs: what a program that has not this code is told.
   */
  jobs?(setup: JobsSetup): Jobs;
  /** Makes the contestant ready to work. Runs on the loop under test. */
  start(loop: Loop, setup: Setup): Coroutine<Session>;
}

/** Jobs by name; JSON. */
export interface Jobs {
  readonly name: string;
  /** Taken in turn, again and again. */
  readonly inputs: readonly unknown[];
  /** Jobs in flight at the same time. */
  readonly concurrency: number;
}

export interface JobsSetup {
  readonly params: Params;
  readonly seed: number;
  readonly facts: Facts;
}

export interface Setup extends JobsSetup {
  /** Told how long each job took, from when it was asked for until its result was there. */
  readonly latency: Latency;
}

export interface Latency {
  /** Ms of one job. */
  record(ms: number): void;
  /** Jobs that were timed elsewhere, such as in a client process; see `histogram.ts`. */
  add(counts: Counts): void;
}

export interface Session {
  /** Jobs in flight at the same time. */
  readonly concurrency: number;
  /**
   * After so many jobs the same inputs come again; 1 (the default) where all jobs cost alike. A sample
   * of whole cycles has the same work in it, wherever it begins.
   */
  readonly cycle?: number;
  /** Jobs that are done since `verify`, each one checked. It only grows. */
  readonly done: number;
  /**
   * Does a fixed sample of the work and returns a digest of every result. Equal digests are what
   * makes two contestants comparable. Called once, before anything else.
   */
  verify(): Coroutine<string>;
  /**
   * Returns when `jobs` more jobs are done; others are under way then. This is what is timed. Whole cycles
   * may be counted from where those before were to end: what was done beyond, less than a cycle, is part
   * of them.
   */
  batch(jobs: number): Coroutine<void>;
  /**
   * Submits jobs as they arrive for `ms`, however many are under way, and returns when all are done: the open
   * loop. Left out where the work is not made of jobs that this side submits.
   */
  offer?(load: Load, ms: number): Coroutine<Offered>;
  /** Starts no more jobs, and returns when none is under way and every latency is recorded. */
  rest(): Coroutine<void>;
  /** Ends what `start` began. Called at rest. */
  close(): Coroutine<void>;
}

/** A fixture by name, so that it can be opened in another process. */
export interface FixtureRef {
  /** The module that exports it: an absolute URL. */
  readonly module: string;
  /** The name of an exported `OpenFixture`. */
  readonly export: string;
}

export type OpenFixture = (setup: FixtureSetup) => Promise<Fixture>;

export interface FixtureSetup {
  readonly params: Params;
  readonly seed: number;
  /** An empty folder of the fixture's own; removed afterwards. */
  readonly folder: string;
}

export interface Fixture {
  readonly facts: Facts;
  /**
   * Says at the end how busy it was, if it is at the other end of the contestants' work. Left out by a
   * fixture that has only facts to give: its process ends with them.
   */
  close?(): Promise<FixtureLoad | void>;
}

/**
 * What a client or server outside the contestants did in all. From it follows its ceiling: how
 * much it could do if the contestant cost nothing. Near it, it is the fixture that is measured.
 */
export interface FixtureLoad {
  /** What it runs on, such as `native` or `node`. */
  readonly engine: string;
  /** What it counts, in the plural, such as `messages`. */
  readonly unit: string;
  /** How many per job of the workload. */
  readonly perJob: number;
  readonly handled: number;
  /** CPU time that was spent on them, user and system, in µs; not what it spun without work. */
  readonly cpuUs: number;
}
