/** A policy and a workload by name, for a process that does the work of one. See `policies/load.ts`. */
import { loadWorkload } from '../../bench/workloads/load.js';
import { LoopdynoError } from '../loop/errors.js';
import type { LoopPolicy } from '../loop/policy.js';
import { loadPolicy } from '../policies/load.js';
import type { Workload } from '../workload/workload.js';
import type { Catalogue } from './catalogue.js';

/** `config` is the URL of the configuration module, as JavaScript; null where there is none. */
export async function policyNamed(name: string, config: string | null): Promise<LoopPolicy> {
  return (await loadPolicy(name)) ?? fromProject('policies', name, config);
}

export async function workloadNamed(name: string, config: string | null): Promise<Workload> {
  return (await loadWorkload(name)) ?? fromProject('workloads', name, config);
}

async function fromProject<K extends 'policies' | 'workloads'>(
  kind: K,
  name: string,
  config: string | null,
): Promise<Catalogue[K][number]> {
  const { catalogueOf } = await import('./catalogue.js');
  const all: Catalogue[K] = (await catalogueOf(config))[kind];
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new LoopdynoError(`no ${name} among ${all.map((one) => one.name).join(', ')}`);
}
