/** Git, asked. Every answer is null where git says no or is not there. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Standard output, trimmed; null where git says no or is not there. */
export async function tryGit(folder: string, ...args: string[]): Promise<string | null> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...args], { maxBuffer: 1 << 26 });
    return stdout.trim();
  } catch {
    return null;
  }
}

export async function isDirty(folder: string): Promise<boolean> {
  return ((await tryGit(folder, 'status', '--porcelain')) ?? '') !== '';
}

/** The repository's top folder; null outside of one. */
export function topOf(folder: string): Promise<string | null> {
  return tryGit(folder, 'rev-parse', '--show-toplevel');
}

/** What differs between a commit and the tree as it is, new files too; null where git cannot say. */
export async function changedFiles(folder: string, commit: string): Promise<string[] | null> {
  const changed = await tryGit(folder, 'diff', '--name-only', commit);
  const added = await tryGit(folder, 'ls-files', '--others', '--exclude-standard', '--full-name');
  if (changed === null || added === null) return null;
  return [...changed.split('\n'), ...added.split('\n')].filter((name) => name !== '');
}

export function commitOf(folder: string, ref: string): Promise<string | null> {
  return tryGit(folder, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
}
