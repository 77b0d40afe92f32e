/**
 * A workload: the identical work that every contestant does.
 *
 *   workload × params = case          the fixture (servers, clients, files) is opened once per
 *        │                            case, in a process of its own; what it says is `facts`
 *        ▼
 *   start(loop, setup) = session      in the contestant: verify() once, then batch(n) again and
 *                                     again while the clock runs, then close()
 */
import type { Coroutine } from '../loop/future.js';
import type { Loop } from '../loop/policy.js';

export type Kind = 'cpu' | 'io' | 'mixed';

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
  /** What lives outside the contestants, if the work needs it. */
  readonly fixture?: FixtureRef;
  /** Makes the contestant ready to work. Runs on the loop under test. */
  start(loop: Loop, setup: Setup): Coroutine<Session>;
}

export interface Setup {
  readonly params: Params;
  readonly seed: number;
  readonly facts: Facts;
}

export interface Session {
  /** Jobs in flight at the same time; a batch is never shorter than twice that. */
  readonly concurrency: number;
  /**
   * Does a fixed sample of the work and returns a digest of every result. Equal digests are what
   * makes two contestants comparable.
   */
  verify(): Coroutine<string>;
  /** Does `jobs` jobs, checking each result against the verified one. This is what is timed. */
  batch(jobs: number): Coroutine<void>;
  /** Ends what `start` began. */
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
  /** What it has to say at the end, such as how busy it was, if anything. */
  close(): Promise<Facts | void>;
}
