/** Something that works in turn with the contestants of a round, and is no part of it: see `bench/truth`. */
import type { Facts, Params, Workload } from '../workload/workload.js';

export interface BesideOf {
  readonly workload: Workload;
  readonly params: Params;
  /** Of the fixture that the contestants have. */
  readonly facts: Facts;
  readonly round: number;
}

export interface Beside {
  /** Before the contestants of a round are started. The case fails where this throws. */
  start(of: BesideOf): Promise<void>;
  /** When they are warm; then between two of their blocks; and after the last. */
  turn(): Promise<void>;
  /** When they are gone, whatever happened. */
  end(): Promise<void>;
}
