/** What a subject gives to be measured: one case, whose contestants are the variants. */
import type { PlannedCase, RoundShape } from '../../harness/plan.js';
import type { Race } from '../../documents/results.js';
import type { Side } from './sides.js';

export interface Prepared {
  readonly planned: PlannedCase;
  readonly round: RoundShape;
  readonly unit: Race['unit'];
  /** Where the answers of these two, of the same race, differ; null if that cannot be told. */
  readonly difference: (reference: string, other: string) => string | null;
}

export interface Preparing {
  readonly sides: readonly Side[];
  /** A folder of this race, removed when it is over. */
  readonly scratch: string;
  readonly placed?: (at: string) => string;
}
