/**
 * A policy and a workload by name, for a process that does the work of one. See `policies/load.ts`. One of a
 * project's own comes with its configuration, and without the modules of all others: `json` was 3.5% slower
 * (2.6–4.3) under a copy of `queue` whose process had loaded them before its first job.
 */
import { loadWorkload } from '../workloads/load.js';
import { LoopdynoError } from '../text/errors.js';
import type { LoopPolicy } from '../loop/policy.js';
import { loadPolicy } from '../policies/load.js';
import type { Workload } from '../workload/workload.js';
import { definePolicy } from '../policies/define.js';
import { importConfig } from '../config/import.js';

/** `config` is the URL of the configuration module, as JavaScript; null where there is none. */
export async function policyNamed(name: string, config: string | null): Promise<LoopPolicy> {
  const own = await loadPolicy(name);
  if (own !== undefined) return own;
  const { policies = [] } = config === null ? {} : await importConfig(config);
  const found = policies.find((policy) => policy.name === name);
  return found === undefined ? noSuch('policies', name, config) : definePolicy(found);
}

export async function workloadNamed(name: string, config: string | null): Promise<Workload> {
  const own = await loadWorkload(name);
  if (own !== undefined) return own;
  const { workloads = [] } = config === null ? {} : await importConfig(config);
  return workloads.find((workload) => workload.name === name) ?? noSuch('workloads', name, config);
}

async function noSuch(
  kind: 'policies' | 'workloads',
  name: string,
  config: string | null,
): Promise<never> {
  const { catalogueOf } = await import('./catalogue.js');
  const names = (await catalogueOf(config))[kind].map((one) => one.name);
  throw new LoopdynoError(`no ${name} among ${names.join(', ')}`);
}
