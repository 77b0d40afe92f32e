/** What can be measured: the policies and workloads of loopdyno, and those of the project at hand. */
import { workloads as ownWorkloads } from '../../bench/workloads/index.js';
import type { LoopPolicy } from '../loop/policy.js';
import { policies as ownPolicies } from '../policies/registry.js';
import type { Workload } from '../workload/workload.js';
import type { Config } from './define.js';

export interface Catalogue {
  readonly policies: readonly LoopPolicy[];
  readonly workloads: readonly Workload[];
}

/** `config` is the URL of the compiled configuration module; null where there is none. */
export async function catalogueOf(config: string | null): Promise<Catalogue> {
  if (config === null) return { policies: ownPolicies, workloads: ownWorkloads };
  const { default: added } = (await import(config)) as { default: Config };
  return {
    policies: [...ownPolicies, ...(added.policies ?? [])],
    workloads: [...ownWorkloads, ...(added.workloads ?? [])],
  };
}
