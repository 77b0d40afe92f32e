/** What can be measured: loopdyno's policies and workloads, and those of the user's project. */
import { importConfig } from '../config/import.js';
import type { Config } from '../config/define.js';
import { completed, type Program } from '../config/program.js';
import type { LoopPolicy } from '../loop/policy.js';
import { definePolicy } from '../policies/define.js';
import { loadPolicies } from '../policies/registry.js';
import type { Workload } from '../workload/workload.js';
import { loadWorkloads } from '../workloads/registry.js';

export interface Catalogue {
  readonly policies: readonly LoopPolicy[];
  readonly workloads: readonly Workload[];
  /** Contestants that are not policies. */
  readonly programs: readonly Required<Program>[];
}

/** `config` is the URL of the configuration module as JavaScript; null if there is none. */
export async function catalogueOf(config: string | null): Promise<Catalogue> {
  return catalogueWith(config === null ? {} : await importConfig(config));
}

export async function catalogueWith(config: Config): Promise<Catalogue> {
  const { policies = [], workloads = [], programs = [] } = config;
  return {
    policies: [...(await loadPolicies()), ...policies.map((policy) => definePolicy(policy))],
    workloads: [...(await loadWorkloads()), ...workloads],
    programs: programs.map(completed),
  };
}
