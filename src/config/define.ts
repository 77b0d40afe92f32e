/** What a project's `loopdyno.config.ts` says. */
import type { PolicyDefinition } from '../policies/define.js';
import type { Workload } from '../workload/workload.js';
import type { Program } from './program.js';
import type { Settings } from './settings.js';

export interface Config extends Settings {
  /** Beside loopdyno's own; names must be new. */
  policies?: readonly PolicyDefinition[];
  /** Likewise. */
  workloads?: readonly Workload[];
  /** Likewise; they compete with the policies. */
  programs?: readonly Program[];
}

export function defineConfig(config: Config): Config {
  return config;
}
