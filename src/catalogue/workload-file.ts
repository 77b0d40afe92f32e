/**
 * A configuration module for a file that only exports workloads. `?module=` in its URL names the file, and `&config=`
 * the project's own configuration, if it has one.
 */
import type { Workload } from '../workload/workload.js';
import { importConfig } from '../config/import.js';
import type { Config } from '../config/define.js';

/** The URL of this module for a given file, both as JavaScript. */
export function workloadFileConfig(module: string, config: string | null): string {
  const url = new URL(import.meta.url);
  url.search = new URLSearchParams({ module, ...(config === null ? {} : { config }) }).toString();
  return url.href;
}

function isWorkload(value: unknown): value is Workload {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Workload>).name === 'string' &&
    typeof (value as Partial<Workload>).start === 'function'
  );
}

/** The workloads that a module exports, each once. */
export async function workloadsIn(module: string): Promise<Workload[]> {
  const exported = (await import(module)) as Record<string, unknown>;
  return [...new Set(Object.values(exported).filter(isWorkload))];
}

/** The configuration for what a URL of this module asks. Bun has no query in `import.meta.url`, so it can be given. */
export async function configFor(asked: URLSearchParams): Promise<Config> {
  const [module, projects] = [asked.get('module'), asked.get('config')];
  const exported = module === null ? [] : await workloadsIn(module);
  const names = new Set(exported.map(({ name }) => name));
  const { policies = [], workloads = [] } = projects === null ? {} : await importConfig(projects);
  return {
    policies,
    workloads: [...workloads.filter(({ name }) => !names.has(name)), ...exported],
  };
}

export default await configFor(new URL(import.meta.url).searchParams);
