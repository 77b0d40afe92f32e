/** Git, asked. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LoopdynoError } from '../text/errors.js';

const run = promisify(execFile);

/** Git said no, or is not there; the message is its reason. */
export class GitError extends LoopdynoError {
  /** There is no git on the PATH. */
  readonly absent: boolean;
  /** All that it printed. */
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

/** What git tells a hook of another index and folder than those that are asked about. */
const OF_A_HOOK = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];

/** Standard output as it is; a GitError where git says no. */
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

/** Standard output without its last newline; null where git says no or is not there. */
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

/** What a person's configuration may change of `git diff`, as it is without. */
const PLAIN_DIFF = ['--no-renames', '--no-relative', '--no-ext-diff', '--ignore-submodules=none'];

/**
 * What differs between a commit and the tree as it is, new files too, by their paths from the repository's top on;
 * null where git cannot say. What was moved is there with both names, what was removed with its own.
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
