/** What a bare program does, turn by turn. */
import type { Coroutine } from '../../src/loop/policy.js';

export interface Work {
  /** Of its results: equal work gives equal digests. */
  readonly digest: string;
  /**
   * Does so many jobs or a few more, and says three times how many are done: when the lead is over, when `jobs` are
   * done, and when none is under way any more.
   */
  turn(jobs: number, say: (done: number) => void): Coroutine<void>;
}

/** The lead is one job in so many. It ends when the process is awake and its caches are warm again. */
export const LEAD = 5;
