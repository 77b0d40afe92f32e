/** Defines a policy of the user's project, with full types. */
import type { Availability, Capabilities, LoopPolicy } from '../loop/policy.js';
import { quote } from '../text/errors.js';

/** A policy with optional parts left out. */
export interface PolicyDefinition<Options extends object = object> {
  readonly name: string;
  readonly open: LoopPolicy<Options>['open'];
  /** Default: the name. */
  readonly summary?: string;
  /** Default: `{ fair: true, step: false, parallel: false, realTime: true }`. */
  readonly capabilities?: Partial<Capabilities>;
  /** Default: available. */
  readonly probe?: LoopPolicy['probe'];
}

/**
 * Completes a policy definition. For example:
 *
 * ```ts
 * definePolicy({ ...workers, name: 'workers-4', open: (o) => workers.open({ ...o, threads: 4 }) })
 * ```
 */
export function definePolicy<Options extends object>(
  definition: PolicyDefinition<Options>,
): LoopPolicy<Options> {
  const { name, summary = name, capabilities } = definition;
  return {
    name,
    summary,
    capabilities: { fair: true, step: false, parallel: false, realTime: true, ...capabilities },
    open: (options) => definition.open(options),
    probe: () => probed(definition),
  };
}

/** A policy that is not available becomes a row of the report, however its probe says so. */
async function probed<Options extends object>(
  definition: PolicyDefinition<Options>,
): Promise<Availability> {
  try {
    return (await definition.probe?.()) ?? { ok: true };
  } catch (error) {
    return {
      ok: false,
      reason: `its probe() threw ${quote(error)}`,
      remedy: 'let probe() give { ok: false, reason, remedy }',
    };
  }
}
