/** The content of a project's `loopdyno.config.ts`. */
import type { PolicyDefinition } from '../policies/define.js';
import type { Workload } from '../workload/workload.js';
import type { Program } from './program.js';
import type { Settings } from './settings.js';

export interface Config extends Settings {
  /** Policies in addition to loopdyno's own. Names must be new. */
  policies?: readonly PolicyDefinition[];
  /** Workloads in addition to loopdyno's own. Names must be new. */
  workloads?: readonly Workload[];
  /** Programs that compete with the policies. Names must be new. */
  programs?: readonly Program[];
}

export function defineConfig(config: Config): Config {
  return config;
}
