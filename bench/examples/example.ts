/** An example: a program for any loop, which prints what it does line by line. */
import type { Coroutine, Loop, LoopPolicy } from '../../src/loop/policy.js';

export type Say = (line: string) => void;

export interface Example {
  /** What it shows, in one line. */
  readonly title: string;
  /** Whether a policy can run it. Default: every policy can. */
  readonly suits?: (policy: LoopPolicy) => boolean;
  /** The program. */
  main(loop: Loop, say: Say): Coroutine<void>;
}
