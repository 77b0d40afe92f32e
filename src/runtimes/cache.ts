/**
 * Runtimes from the npm registry, in the user's cache folder. The packages carry the binary; npm fetches them, with
 * the registry, proxy and rights that it is set up with, and checks the integrity hash. No script of a package is run.
 *
 *   ~/.cache/loopdyno/runtimes/node-22.23.1/node
 *                              bun-1.4.5/bun
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LoopdynoError } from '../text/errors.js';
import { byVersion, matches, type RuntimeKind } from './spec.js';

/** A runtime could not be installed; the message is one line with the reason. */
export class InstallError extends LoopdynoError {}

type Env = Readonly<Record<string, string | undefined>>;

export function cacheFolder(env: Env = process.env): string {
  const base =
    env['XDG_CACHE_HOME'] ??
    (process.platform === 'win32' ? env['LOCALAPPDATA'] : undefined) ??
    join(env['HOME'] ?? homedir(), '.cache');
  return join(base, 'loopdyno', 'runtimes');
}

const run = promisify(execFile);
const DEADLINE_MS = 300_000;

/** The newest version that begins like the one that is wanted, and its binary in the cache. */
export async function install(
  kind: RuntimeKind,
  wanted: string,
  say: (line: string) => void = () => {},
): Promise<string> {
  const { name, binary } = packageOf(kind);
  const versions = await versionsOf(kind, name);
  const fitting = versions.filter((version) => matches(version, wanted)).toSorted(byVersion);
  const [version] = fitting;
  if (version === undefined) {
    throw new InstallError(
      `the registry has no ${kind} ${wanted}: the nearest are ${nearest(versions, wanted).join(', ')}`,
    );
  }
  const folder = join(cacheFolder(), `${kind}-${version}`);
  const file = binaryName(kind);
  const place = join(folder, file);
  if (await exists(place)) return place;
  say(`Installing ${kind} ${version} from the npm registry (${name})`);
  // Beside its place, and renamed into it: whoever looks meanwhile finds none, and never half of one.
  const aside = `${folder}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(aside, { recursive: true });
    await npm(
      [
        'install',
        '--prefix',
        aside,
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
        `${name}@${version}`,
      ],
      `installing ${kind} ${version}`,
    );
    await rename(join(aside, 'node_modules', name, ...binary), join(aside, file));
    await rm(join(aside, 'node_modules'), { recursive: true });
    await chmod(join(aside, file), 0o755);
    await rename(aside, folder).catch(async (error: unknown) => {
      if (!(await exists(place))) throw error; // somebody else was first
    });
    return place;
  } catch (error) {
    if (error instanceof InstallError) throw error;
    const { message } = error as Error;
    throw new InstallError(`${kind} ${version} cannot be put into ${cacheFolder()}: ${message}`);
  } finally {
    // What cannot be removed was most often never made: the error above says why.
    await rm(aside, { recursive: true, force: true }).catch(() => {});
  }
}

/** The program's file name, in the cache and elsewhere. */
export function binaryName(kind: RuntimeKind): string {
  return process.platform === 'win32' ? `${kind}.exe` : kind;
}

export interface Cached {
  readonly name: string;
  readonly bytes: number;
}

export async function cached(): Promise<Cached[]> {
  const folder = cacheFolder();
  const names = await readdir(folder).catch(() => []);
  return Promise.all(
    names
      .toSorted((a, b) => a.localeCompare(b))
      .map(async (name) => {
        const files = await readdir(join(folder, name)).catch(() => []);
        const sizes = await Promise.all(
          files.map(async (file) => (await stat(join(folder, name, file))).size),
        );
        return { name, bytes: sizes.reduce((sum, size) => sum + size, 0) };
      }),
  );
}

export async function emptyCache(): Promise<void> {
  await rm(cacheFolder(), { recursive: true, force: true });
}

/** The package of this machine, and where the binary lies in it. */
function packageOf(kind: RuntimeKind): { name: string; binary: string[] } {
  const { platform, arch } = process;
  const musl = platform === 'linux' && !hasGlibc();
  const file = binaryName(kind);
  if (kind === 'node' && !musl) {
    const os = platform === 'win32' ? 'win' : platform;
    return { name: `node-${os}-${arch}`, binary: ['bin', file] };
  }
  if (kind === 'bun') {
    const cpu = arch === 'arm64' ? 'aarch64' : arch;
    const os = platform === 'win32' ? 'windows' : platform;
    return { name: `@oven/bun-${os}-${cpu}${musl ? '-musl' : ''}`, binary: ['bin', file] };
  }
  if (kind === 'deno' && !musl) {
    const libc = platform === 'linux' ? '-glibc' : '';
    return { name: `@deno/${platform}-${arch}${libc}`, binary: [file] };
  }
  throw new InstallError(
    `the registry has no ${kind} for ${platform} ${arch}${musl ? ' with musl' : ''}`,
  );
}

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime !== undefined;
}

async function versionsOf(kind: RuntimeKind, name: string): Promise<string[]> {
  const text = await npm(['view', name, 'versions', '--json'], `asking for versions of ${kind}`);
  const said: unknown = JSON.parse(text);
  const all = (Array.isArray(said) ? said : [said]).map(String);
  return all.filter((version) => /^\d+\.\d+\.\d+$/.test(version));
}

/** Around where it would be. */
function nearest(versions: readonly string[], wanted: string): string[] {
  const sorted = versions.toSorted(byVersion);
  const after = sorted.findIndex((version) => byVersion(version, wanted) > 0);
  const at = after < 0 ? sorted.length : after;
  return sorted.slice(Math.max(0, at - 1), at + 1);
}

async function npm(args: readonly string[], doing: string): Promise<string> {
  try {
    const { stdout } = await run(
      process.platform === 'win32' ? 'npm.cmd' : 'npm',
      // A registry that is not there is told of at once: npm would try for minutes.
      [...args, '--loglevel=error', '--fetch-retries=0'],
      { timeout: DEADLINE_MS, maxBuffer: 1 << 26 },
    );
    return stdout;
  } catch (error) {
    const {
      code,
      stderr = '',
      message,
    } = error as { code?: unknown; stderr?: string; message: string };
    if (code === 'ENOENT') throw new InstallError(`${doing} takes npm, which is not in PATH`);
    const line =
      stderr
        .split('\n')
        .map((each) => each.replace(/^npm (?:error|ERR!) ?/, '').trim())
        .filter((each) => each !== '' && !/^code |complete log|debug-\d/.test(each))[0] ??
      message.split('\n')[0];
    throw new InstallError(`${doing} failed: ${line ?? ''}`);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
