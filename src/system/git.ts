/** Runs git. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LoopdynoError } from '../text/errors.js';

const run = promisify(execFile);

/** Git failed or is not installed; the message has its reason. */
export class GitError extends LoopdynoError {
  /** There is no git on the PATH. */
  readonly absent: boolean;
  /** What git printed to stderr. */
  readonly said: string;

  constructor(cause: Error & { code?: unknown; stderr?: string }) {
    const said = cause.stderr?.trim() ?? '';
    const reason = /^(?:fatal|error): (.*)$/m.exec(said)?.[1] ?? (said || cause.message);
    const absent = cause.code === 'ENOENT';
    super(absent ? 'there is no git on the PATH' : reason, { cause });
    this.absent = absent;
    this.said = said;
  }
}

/** Variables that git sets for a hook. They name another index and folder than those asked about. */
const OF_A_HOOK = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];

/** Standard output as it is. Throws a GitError if git fails. */
export async function askGit(
  folder: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env: NodeJS.ProcessEnv = { ...process.env, LC_ALL: 'C' };
  for (const name of OF_A_HOOK) delete env[name];
  const options = { maxBuffer: 1 << 26, env: { ...env, ...more } };
  try {
    return (await run('git', ['-C', folder, ...args], options)).stdout;
  } catch (error) {
    throw new GitError(error as Error);
  }
}

/** Standard output without its last newline; null if git fails or is not installed. */
export async function tryGit(folder: string, ...args: string[]): Promise<string | null> {
  try {
    return (await askGit(folder, args)).replace(/\r?\n$/, '');
  } catch {
    return null;
  }
}

export async function isDirty(folder: string): Promise<boolean> {
  return ((await tryGit(folder, 'status', '--porcelain')) ?? '') !== '';
}

/** Options that undo what a person's configuration may change about `git diff`. */
const PLAIN_DIFF = ['--no-renames', '--no-relative', '--no-ext-diff', '--ignore-submodules=none'];

/**
 * The paths that differ between a commit and the working tree, new files included, relative to the top of the
 * repository; null if git cannot tell. A moved file is listed under both names, a removed file under its own.
 */
export async function changedFiles(folder: string, commit: string): Promise<string[] | null> {
  const top = await tryGit(folder, 'rev-parse', '--show-toplevel');
  if (top === null) return null;
  const changed = await tryGit(top, 'diff', '--name-only', '-z', ...PLAIN_DIFF, commit);
  const added = await tryGit(top, 'ls-files', '-z', '--others', '--exclude-standard');
  if (changed === null || added === null) return null;
  return [...changed.split('\0'), ...added.split('\0')].filter((name) => name !== '');
}

export function commitOf(folder: string, ref: string): Promise<string | null> {
  return tryGit(folder, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
}
