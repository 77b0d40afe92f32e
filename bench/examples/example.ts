/** What an example is: a program on any loop, that says what it does line by line. */
import type { Coroutine, Loop, LoopPolicy } from '../../src/loop/policy.js';

export type Say = (line: string) => void;

export interface Example {
  /** What it shows, in a line. */
  readonly title: string;
  /** Whether a policy can run it; all can unless told. */
  readonly suits?: (policy: LoopPolicy) => boolean;
  /** The program. */
  main(loop: Loop, say: Say): Coroutine<void>;
}
