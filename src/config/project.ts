/** The project that a command is run in: its configuration, if it has one, found, read and checked. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hint } from '../hint.js';
import { quote } from '../loop/errors.js';
import { KINDS } from '../workload/workload.js';
import { catalogueWith, importConfig, type Catalogue } from './catalogue.js';
import { compileConfig, isTypeScript } from './compile.js';
import type { Config } from './define.js';
import { ConfigError } from './errors.js';
import { SETTING_NAMES, SettingsSchema, type Settings } from './settings.js';

export interface Project extends Catalogue {
  readonly settings: Settings;
  /** The configuration's file; null where there is none. */
  readonly file: string | null;
  /** URL of the configuration as JavaScript, for contestants. */
  readonly config: string | null;
}

const NAMES = ['ts', 'mts', 'js', 'mjs'].map((extension) => `loopdyno.config.${extension}`);

/** `explicit` is a path from `folder` on, as `--config` gives it. */
export async function loadProject(folder: string, explicit?: string): Promise<Project> {
  const file = findConfig(folder, explicit);
  if (file === null) return { ...catalogueWith({}), settings: {}, file: null, config: null };
  const url = isTypeScript(file) ? await compileConfig(file) : pathToFileURL(file);
  const exported = await load(file, url.href);
  const { policies, workloads, ...settings } = exported;
  checkSettings(file, settings);
  checkNamed(file, 'policies', policies, ({ open }) => typeof open === 'function', 'open()');
  checkNamed(
    file,
    'workloads',
    workloads,
    ({ start, kind, cases }) =>
      typeof start === 'function' && KINDS.some((each) => each === kind) && Array.isArray(cases),
    `start(), a kind (${KINDS.join(', ')}) and cases; defineWorkload() makes them`,
  );
  const catalogue = catalogueWith(exported);
  checkUnique(file, 'policy', catalogue.policies);
  checkUnique(file, 'workload', catalogue.workloads);
  return { ...catalogue, settings, file, config: url.href };
}

function findConfig(folder: string, explicit: string | undefined): string | null {
  if (explicit === undefined) {
    return NAMES.map((name) => join(folder, name)).find((file) => existsSync(file)) ?? null;
  }
  const file = resolve(folder, explicit);
  if (existsSync(file)) return file;
  throw new ConfigError(file, 'there is no such file: `loopdyno init` writes one');
}

async function load(file: string, url: string): Promise<Config> {
  let exported: unknown;
  try {
    exported = await importConfig(url);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(file, `it cannot be loaded: ${message}`, { cause });
  }
  if (typeof exported === 'object' && exported !== null) return exported as Config;
  throw new ConfigError(
    file,
    `its default export is ${quote(exported)}: write \`export default defineConfig({ … })\``,
  );
}

function checkSettings(file: string, settings: object): void {
  const parsed = SettingsSchema.safeParse(settings);
  const [first] = parsed.error?.issues ?? [];
  if (first === undefined) return;
  if (first.code === 'unrecognized_keys') {
    const [key = ''] = first.keys;
    throw new ConfigError(file, `unknown key '${key}'${hint(key, SETTING_NAMES)}`);
  }
  const name = first.path.join('.');
  const value = Reflect.get(settings, name) as unknown;
  throw new ConfigError(file, `${name} ${first.message}, but it is ${quote(value)}`);
}

function checkNamed(
  file: string,
  key: string,
  all: unknown,
  complete: (one: Record<string, unknown>) => boolean,
  wanted: string,
): void {
  if (all === undefined) return;
  if (!Array.isArray(all)) throw new ConfigError(file, `${key} is a list, but it is ${quote(all)}`);
  for (const [i, one] of all.entries()) {
    const named = (one ?? {}) as Record<string, unknown>;
    if (typeof named['name'] !== 'string' || named['name'] === '') {
      throw new ConfigError(file, `${key}[${i}] has no name: it is ${quote(one)}`);
    }
    if (complete(named)) continue;
    throw new ConfigError(file, `${key}[${i}], '${named['name']}', lacks ${wanted}`);
  }
}

function checkUnique(file: string, what: string, all: readonly { name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of all) {
    if (seen.has(name)) {
      throw new ConfigError(
        file,
        `there is a ${what} '${name}' already: give this one another name`,
      );
    }
    seen.add(name);
  }
}
