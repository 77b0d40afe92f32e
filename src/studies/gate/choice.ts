/** Which policies and cases a gate has when nobody says. */
import type { Catalogue } from '../../catalogue/catalogue.js';
import type { LoopPolicy } from '../../loop/policy.js';
import { casesOf } from '../../harness/plan.js';
import { policyNames } from '../../policies/registry.js';
import type { Params, Workload } from '../../workload/workload.js';
import { workloadNames } from '../../workloads/registry.js';

export interface GateChoice {
  readonly policies: readonly string[];
  readonly cases: readonly { readonly workload: Workload; readonly params: Params }[];
  /** Also cells in which a pool has nothing to do. */
  readonly idlePools: boolean;
}

/**
 * IO that gives a pool no job is done by the thread that submits, as under `microtask`: whether it became slower is told
 * there, and beside idle threads its pairs differ by tens of percent.
 */
export function isIdlePool({ capabilities }: LoopPolicy, workload: Workload): boolean {
  return capabilities.parallel && workload.kind === 'io' && workload.jobs === undefined;
}

const POLICIES = ['microtask', 'queue', 'uv', 'workers'];
/** One of each kind, with jobs short enough for a dozen samples a slice. */
const WORKLOADS = ['primes', 'echo', 'deferred'];

/**
 * A project with policies or workloads of its own is about those: its policies do the usual work, its
 * workloads run under the usual policies. loopdyno itself: four policies × three workloads, but for `workers · echo`.
 */
export function usualChoice({ policies, workloads }: Catalogue): GateChoice {
  const theirPolicies = policies
    .map(({ name }) => name)
    .filter((name) => !policyNames.includes(name));
  const theirWorkloads = workloads.filter(({ name }) => !workloadNames.includes(name));
  return {
    policies: theirPolicies.length > 0 ? theirPolicies : POLICIES,
    cases:
      theirWorkloads.length > 0
        ? casesOf(theirWorkloads)
        : workloads
            .filter(({ name }) => WORKLOADS.includes(name))
            .map((workload) => ({ workload, params: workload.cases[0] ?? {} })),
    idlePools: false,
  };
}
