/**
 * A workload: the identical work that every contestant does.
 *
 *   workload × params = case          the fixture (servers, clients, files) is opened once per
 *        │                            case, in a process of its own; what it says is `facts`
 *        ▼
 *   start(loop, setup) = session      in the contestant: verify() once, then, slice by slice,
 *                                     batch(n) batch(n) … rest(), and close() in the end
 *
 * Work flows on from one batch to the next: `batch` waits until n more jobs are done and leaves jobs that have begun
 * under way. A batch that waited for its last job would mostly measure how work starts and ends, under a pool or with
 * long jobs.
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

/** Distinguishes the cases of a workload, for example `{ size: 1024 }`. */
export type Params = Readonly<Record<string, number | string>>;

/** What a fixture tells its contestants, for example a port; JSON. */
export type Facts = Readonly<Record<string, number | string>>;

export interface Workload {
  /** Unique and short. */
  readonly name: string;
  readonly kind: Kind;
  /** One line for people. */
  readonly summary: string;
  /** The parameters of each case; `[{}]` if there is nothing to vary. */
  readonly cases: readonly Params[];
  /** Whether `--quick` measures its first case. */
  readonly quick?: boolean;
  /**
   * How many of its first cases a run measures that names no workload. Default: all. With 0 it is measured only if it
   * is named, or with `--all`.
   */
  readonly standard?: number;
  /** Numeric parameters that can be swept, with the unit of each, for example `{ us: 'µs per job' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What lives outside the contestants (servers, clients, files), if the work needs it. */
  readonly fixture?: FixtureRef;
  /** The work as data, if it is made of independent jobs: sent to a program that does not have this code. */
  jobs?(setup: JobsSetup): Jobs;
  /** Makes the contestant ready to work. Runs on the loop under test. */
  start(loop: Loop, setup: Setup): Coroutine<Session>;
}

/** Jobs by name, as JSON. */
export interface Jobs {
  readonly name: string;
  /** The inputs, taken in turn, again and again. */
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
  /** Records how long each job took, from its request until its result was there. */
  readonly latency: Latency;
}

export interface Latency {
  /** Records the time of one job, in ms. */
  record(ms: number): void;
  /** Adds jobs that were timed elsewhere, for example in a client process; see `histogram.ts`. */
  add(counts: Counts): void;
}

export interface Session {
  /** Jobs in flight at the same time. */
  readonly concurrency: number;
  /**
   * After this many jobs the same inputs come again. Default 1: all jobs cost the same. Samples of whole cycles contain
   * the same work, wherever they begin.
   */
  readonly cycle?: number;
  /** Jobs done since `verify`, each one checked. It only grows. */
  readonly done: number;
  /**
   * Does a fixed sample of the work and returns a digest of every result. Two contestants are comparable only if their
   * digests are equal. Called once, before anything else.
   */
  verify(): Coroutine<string>;
  /**
   * Returns when `jobs` more jobs are done; others are still under way then. This is what is timed. If `jobs` is a
   * multiple of `cycle`, they may be counted from where the last batch was meant to end: jobs done beyond that, less
   * than a cycle, then count towards this batch.
   */
  batch(jobs: number): Coroutine<void>;
  /**
   * The open loop: submits jobs as they arrive for `ms`, however many are under way, and returns when all are done.
   * Absent if this side does not submit the jobs.
   */
  offer?(load: Load, ms: number): Coroutine<Offered>;
  /** Starts no more jobs. Returns when none is under way and every latency is recorded. */
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
  /** An empty folder for the fixture, removed afterwards. */
  readonly folder: string;
}

export interface Fixture {
  readonly facts: Facts;
  /**
   * Closes the fixture and returns how busy it was, if it is at the other end of the contestants' work. Absent if the
   * fixture has only facts to give: its process ends once it has given them.
   */
  close?(): Promise<FixtureLoad | void>;
}

/**
 * What a client or server outside the contestants did in total. Its ceiling follows from it: how much it could do if
 * the contestant cost nothing. Near the ceiling, the run measures the fixture.
 */
export interface FixtureLoad {
  /** What it runs on, for example `native` or `node`. */
  readonly engine: string;
  /** What it counts, in the plural, for example `messages`. */
  readonly unit: string;
  /** How many of them make up one job of the workload. */
  readonly perJob: number;
  readonly handled: number;
  /** CPU time spent on them (user and system), in µs, without the time it spun without work. */
  readonly cpuUs: number;
}
