/**
 * A build of the base commit to race against, made once per commit and kept:
 *
 *   git worktree (temporary) ─▶ npm ci ─▶ npm run build ─▶ results/.cache/base-<commit>/
 *       removed, always           only where the lockfile      dist, native build, configuration;
 *                                 differs from this tree's     kept for the next run
 *
 * The worktree itself is what is kept under the cache, as plain files: git forgets it at once, so
 * that no run, however it ends, leaves a worktree registered.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tryGit } from '../../system/git.js';
import { BaseError } from './base.js';

const onWindows = process.platform === 'win32';

/** Builds that are kept; the oldest go. */
const KEPT = 3;
/** Characters of a failed command's output that are shown. */
const LOG_KEPT = 4000;

export interface BaseBuildOptions {
  /** The repository's top folder. */
  readonly top: string;
  /** Where builds are kept, such as `results/.cache`. */
  readonly cache: string;
  readonly commit: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** The folder of the build. */
export async function buildBase(options: BaseBuildOptions): Promise<string> {
  const { top, commit, say } = options;
  const cache = resolve(options.cache);
  const kept = join(cache, `base-${commit}`);
  if (existsSync(join(kept, '.built'))) {
    say(`base ${commit.slice(0, 12)}: built before`);
    return kept;
  }
  await mkdir(cache, { recursive: true });
  const making = join(cache, `.making-${commit.slice(0, 12)}-${randomBytes(4).toString('hex')}`);
  try {
    await checkOut(top, making, commit);
    await install(options, making);
    say(`base ${commit.slice(0, 12)}: building`);
    await npm(options, making, 'run', 'build', '--if-present');
    await rm(kept, { recursive: true, force: true });
    await rename(making, kept);
    await mkdir(join(kept, '.built'));
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  await forgetOld(cache, kept);
  return kept;
}

async function checkOut(top: string, folder: string, commit: string): Promise<void> {
  const added = await tryGit(top, 'worktree', 'add', '--detach', '--force', folder, commit);
  if (added === null) {
    throw new BaseError(`git could not check out ${commit.slice(0, 12)} into ${folder}`);
  }
  // From here on it is a plain folder, which can be moved and removed without git.
  await rm(join(folder, '.git'), { force: true });
  await tryGit(top, 'worktree', 'prune');
}

/** The same lockfile installs the same packages: those of this tree serve both. */
async function install(options: BaseBuildOptions, folder: string): Promise<void> {
  const { top, commit, say } = options;
  if (!existsSync(join(folder, 'package.json'))) return;
  const modules = join(top, 'node_modules');
  const lock = 'package-lock.json';
  if (existsSync(modules) && (await sameFile(join(top, lock), join(folder, lock)))) {
    await symlink(modules, join(folder, 'node_modules'), 'junction');
    return;
  }
  say(`base ${commit.slice(0, 12)}: installing its packages`);
  await npm(options, folder, existsSync(join(folder, lock)) ? 'ci' : 'install');
}

async function sameFile(a: string, b: string): Promise<boolean> {
  try {
    const [one, other] = await Promise.all([readFile(a), readFile(b)]);
    return one.equals(other);
  } catch {
    return false;
  }
}

function npm({ signal, commit }: BaseBuildOptions, cwd: string, ...args: string[]): Promise<void> {
  const command = ['npm', ...args, '--loglevel=error'];
  return new Promise((done, reject) => {
    let log = '';
    const child = spawn(command[0] as string, command.slice(1), {
      cwd,
      detached: !onWindows, // a group of its own, to be ended with all that npm starts
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: onWindows, // npm is a script there
    });
    const end = (): void => {
      if (child.pid !== undefined && child.exitCode === null) endGroup(child.pid);
    };
    signal.addEventListener('abort', end);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-LOG_KEPT)));
    }
    const failed = (how: string, cause?: unknown): void =>
      reject(
        new BaseError(
          `the base ${commit.slice(0, 12)} cannot be built: \`${command.join(' ')}\` ${how}`,
          log,
          { cause },
        ),
      );
    child.once('error', (error) => failed(error.message, error));
    child.once('close', (code, by) => {
      signal.removeEventListener('abort', end);
      if (code === 0) done();
      else failed(by === null ? `ended with status ${code}` : `was ended by ${by}`);
    });
    if (signal.aborted) end();
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(onWindows ? pid : -pid, 'SIGTERM');
  } catch {
    // It has ended meanwhile.
  }
}

async function forgetOld(cache: string, newest: string): Promise<void> {
  const builds: { folder: string; at: number }[] = [];
  for (const name of await readdir(cache)) {
    const folder = join(cache, name);
    if (!name.startsWith('base-') || folder === newest) continue;
    builds.push({ folder, at: (await stat(folder)).mtimeMs });
  }
  const old = builds.toSorted((a, b) => b.at - a.at).slice(KEPT - 1);
  for (const { folder } of old) await rm(folder, { recursive: true, force: true });
}
