/** What can be measured: the policies and workloads of loopdyno, and those of the project at hand. */
import { workloads as ownWorkloads } from '../workloads/index.js';
import type { LoopPolicy } from '../loop/policy.js';
import { policies as ownPolicies } from '../policies/registry.js';
import type { Workload } from '../workload/workload.js';
import type { Config } from '../config/define.js';
import { definePolicy } from '../policies/define.js';
import { importConfig } from '../config/import.js';
import { completed, type Program } from '../config/program.js';

export interface Catalogue {
  readonly policies: readonly LoopPolicy[];
  readonly workloads: readonly Workload[];
  /** Contestants that are no policies. */
  readonly programs: readonly Required<Program>[];
}

/** `config` is the URL of the configuration module, as JavaScript; null where there is none. */
export async function catalogueOf(config: string | null): Promise<Catalogue> {
  return config === null ? catalogueWith({}) : catalogueWith(await importConfig(config));
}

export function catalogueWith({ policies = [], workloads = [], programs = [] }: Config): Catalogue {
  return {
    policies: [...ownPolicies, ...policies.map((policy) => definePolicy(policy))],
    workloads: [...ownWorkloads, ...workloads],
    programs: programs.map(completed),
  };
}
