/** What a subject gives to be measured: cases, whose contestants are the variants. */
import type { OpenCase } from '../../harness/measure.js';
import type { PlannedCase, RoundShape } from '../../harness/plan.js';
import type { Race } from '../../documents/results.js';
import { LoopdynoError } from '../../text/errors.js';
import type { Kind } from '../../workload/workload.js';
import type { Side } from './sides.js';

export interface Prepared {
  readonly planned: readonly PlannedCase[];
  readonly round: RoundShape;
  readonly unit: Race['unit'];
  /** Where it is not measured in turns. */
  readonly openCase?: OpenCase;
  /** What is not compared. */
  readonly ignored: readonly string[];
  /** Where the answers of these two, of the same race, differ; null if that cannot be told. */
  readonly difference: (reference: string, other: string) => string | null;
}

export interface Preparing {
  readonly sides: readonly Side[];
  /** A folder of this race, removed when it is over. */
  readonly scratch: string;
  readonly seed: number;
}

/** The case without its contestants. Only the workload's name and kind are needed here. */
export function caseNamed(name: string, kind: Kind): Omit<PlannedCase, 'contestants'> {
  const workload: PlannedCase['workload'] = {
    name,
    kind,
    summary: name,
    cases: [{}],
    *start() {
      throw new LoopdynoError(`${name} runs in contestants alone`);
    },
  };
  return { workload, params: {} };
}
