/** Something that works in turn with the contestants of a round, without being part of it: see `bench/truth`. */
import type { Facts, Params, Workload } from '../workload/workload.js';

export interface BesideOf {
  readonly workload: Workload;
  readonly params: Params;
  /** The facts of the contestants' fixture. */
  readonly facts: Facts;
  readonly round: number;
}

export interface Beside {
  /** Called before the contestants of a round are started. The case fails if this throws. */
  start(of: BesideOf): Promise<void>;
  /** Called when the contestants are warm, then between two of their blocks, and after the last one. */
  turn(): Promise<void>;
  /** Called when the contestants are gone, whatever happened. */
  end(): Promise<void>;
}
