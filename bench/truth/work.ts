/** What a bare program does, turn by turn. */
import type { Coroutine } from '../../src/loop/policy.js';

export interface Work {
  /** The digest of its results: equal work gives equal digests. */
  readonly digest: string;
  /**
   * Does `jobs` jobs or a few more, and reports three times how many are done: when the lead is over, when `jobs` are
   * done, and when none is under way any more.
   */
  turn(jobs: number, say: (done: number) => void): Coroutine<void>;
}

/** One job in this many is the lead. After it the process is awake and its caches are warm again. */
export const LEAD = 5;
