/** What a project's `loopdyno.config.ts` says, and the functions that give it full types. */
import type { LoopPolicy } from '../loop/policy.js';
import type { Workload } from '../workload/workload.js';

export interface Config {
  /** Beside loopdyno's own; names must be new. */
  policies?: readonly LoopPolicy[];
  workloads?: readonly Workload[];
}

export function defineConfig(config: Config): Config {
  return config;
}
