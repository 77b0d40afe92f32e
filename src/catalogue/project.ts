/** The project in which a command is run: finds, reads and checks its configuration, if it has one. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogueWith, type Catalogue } from './catalogue.js';
import { checkCatalogue } from './check.js';
import { checkConfig } from '../config/check.js';
import { compileConfig, isTypeScript } from '../config/compile.js';
import { ConfigError } from '../config/errors.js';
import { loadConfig } from '../config/load.js';
import type { Settings } from '../config/settings.js';
import type { Resolved } from '../runtimes/runtime.js';

export interface Project extends Catalogue {
  readonly settings: Settings;
  /** The file of the configuration; null if there is none. */
  readonly file: string | null;
  /** The URL of the configuration as JavaScript, for contestants. */
  readonly config: string | null;
  /** That were asked for, beside this Node; see `studies/runtimes/`. */
  readonly runtimes?: readonly Resolved[];
}

/** File names, in the order in which they are tried. */
export const CONFIG_NAMES = ['ts', 'mts', 'js', 'mjs'].map((each) => `loopdyno.config.${each}`);

/** `explicit` is a path relative to `folder`, as given by `--config`. */
export async function loadProject(folder: string, explicit?: string): Promise<Project> {
  const file = findConfig(folder, explicit);
  if (file === null) {
    const catalogue = await catalogueWith({});
    return { ...catalogue, settings: {}, file: null, config: null };
  }
  const url = isTypeScript(file) ? await compileConfig(file) : pathToFileURL(file);
  const config = await loadConfig(file, url.href);
  checkConfig(file, config);
  const { policies: _, workloads: __, programs: ___, ...settings } = config;
  const catalogue = await catalogueWith(config);
  checkCatalogue(file, catalogue, settings);
  return { ...catalogue, settings, file, config: url.href };
}

/** The file of the configuration; null if there is none. */
export function findConfig(folder: string, explicit: string | undefined): string | null {
  if (explicit === undefined) {
    return CONFIG_NAMES.map((name) => join(folder, name)).find((file) => existsSync(file)) ?? null;
  }
  const file = resolve(folder, explicit);
  if (existsSync(file)) return file;
  throw new ConfigError(file, 'there is no such file: `loopdyno init` writes one');
}
