/** The configuration module, by itself: with the catalogue come the modules of all policies and workloads. */
import type { Config } from './define.js';

export async function importConfig(url: string): Promise<Config> {
  return ((await import(url)) as { default: Config }).default;
}
