/**
 * Where runtimes lie on a machine, without asking the network:
 *
 *   PATH; nvm, fnm, volta, asdf, mise, n; ~/.bun, ~/.deno; our own cache (see `cache.ts`)
 */
import { readFile, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { binaryName, cacheFolder } from './cache.js';
import type { RuntimeKind } from './spec.js';

type Env = Readonly<Record<string, string | undefined>>;

/** Paths at which a runtime of a kind may be; a folder that is not there has none. */
export async function candidates(kind: RuntimeKind, env: Env = process.env): Promise<string[]> {
  const home = env['HOME'] ?? homedir();
  const data = env['XDG_DATA_HOME'] ?? join(home, '.local', 'share');
  const exe = binaryName(kind);
  const paths = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, exe));
  const within = async (folder: string, ...rest: string[]): Promise<string[]> =>
    (await listed(folder)).map((name) => join(folder, name, ...rest));
  const asdf = env['ASDF_DATA_DIR'] ?? join(home, '.asdf');
  const mise = env['MISE_DATA_DIR'] ?? join(data, 'mise');
  const own =
    kind === 'node'
      ? [
          ...(await within(join(nvmFolder(env), 'versions', 'node'), 'bin', exe)),
          ...(await within(
            join(env['FNM_DIR'] ?? join(data, 'fnm'), 'node-versions'),
            'installation',
            'bin',
            exe,
          )),
          ...(await within(
            join(env['VOLTA_HOME'] ?? join(home, '.volta'), 'tools', 'image', 'node'),
            'bin',
            exe,
          )),
          ...(await within(join(asdf, 'installs', 'nodejs'), 'bin', exe)),
          ...(await within(
            join(env['N_PREFIX'] ?? '/usr/local', 'n', 'versions', 'node'),
            'bin',
            exe,
          )),
        ]
      : [
          join(home, `.${kind}`, 'bin', exe),
          ...(await within(join(asdf, 'installs', kind), 'bin', exe)),
        ];
  const misePlace = await within(join(mise, 'installs', kind), 'bin', exe);
  const cached = await cachedBinaries(kind, env);
  return [...new Set([...paths, ...own, ...misePlace, ...cached])];
}

/** What our cache holds of a kind. */
export async function cachedBinaries(kind: RuntimeKind, env: Env = process.env): Promise<string[]> {
  const folder = cacheFolder(env);
  const names = (await listed(folder)).filter((name) => name.startsWith(`${kind}-`));
  return names.map((name) => join(folder, name, binaryName(kind)));
}

/** The version that nvm's alias stands for, such as `22.23.1` for `lts/jod`; null without nvm, or such an alias. */
export async function aliasOf(name: string, env: Env = process.env): Promise<string | null> {
  let alias = name;
  for (let hops = 0; hops < 4; hops++) {
    const text = await readFile(join(nvmFolder(env), 'alias', alias), 'utf8').catch(() => null);
    if (text === null) return null;
    alias = text.trim();
    if (/^v?\d/.test(alias)) return alias.replace(/^v/, '');
  }
  return null;
}

function nvmFolder(env: Env): string {
  return env['NVM_DIR'] ?? join(env['HOME'] ?? homedir(), '.nvm');
}

async function listed(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
