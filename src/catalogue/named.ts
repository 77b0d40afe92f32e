/**
 * Loads a policy and a workload by name, for a process that does the work of one contestant; see
 * `policies/registry.ts`. A project's own policy is loaded with its configuration, but without all other modules:
 * `json` was 3.5% slower (2.6–4.3%) under a copy of `queue` whose process had loaded them before its first job.
 */
import type { Config } from '../config/define.js';
import type { LoopPolicy } from '../loop/policy.js';
import { loadPolicy, policyNames } from '../policies/registry.js';
import { LoopdynoError } from '../text/errors.js';
import type { Workload } from '../workload/workload.js';
import { loadWorkload, workloadNames } from '../workloads/registry.js';

/** `config` is the URL of the configuration module as JavaScript; null if there is none. */
export async function policyNamed(name: string, config: string | null): Promise<LoopPolicy> {
  const own = await loadPolicy(name);
  if (own !== undefined) return own;
  const { policies = [] } = await configAt(config);
  const found = named(name, policies, policyNames);
  const { definePolicy } = await import('../policies/define.js');
  return definePolicy(found);
}

export async function workloadNamed(name: string, config: string | null): Promise<Workload> {
  const own = await loadWorkload(name);
  if (own !== undefined) return own;
  const { workloads = [] } = await configAt(config);
  return named(name, workloads, workloadNames);
}

async function configAt(url: string | null): Promise<Config> {
  if (url === null) return {};
  const { configFor, default: config } = (await import(url)) as ConfigModule;
  return configFor === undefined ? config : configFor(new URL(url).searchParams);
}

interface ConfigModule {
  readonly default: Config;
  /** A module that makes the configuration from the query of its URL: see `workload-file.ts`. */
  readonly configFor?: (asked: URLSearchParams) => Promise<Config>;
}

function named<T extends { readonly name: string }>(
  name: string,
  theirs: readonly T[],
  ours: readonly string[],
): T {
  const found = theirs.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = [...ours, ...theirs.map((each) => each.name)];
  throw new LoopdynoError(`no ${name} among ${names.join(', ')}`);
}
