/** Where a project lies in its repository, and another commit of it as plain files. */
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { askGit, GitError, tryGit } from '../../system/git.js';
import { quote } from '../../text/errors.js';
import { BaseError } from './base.js';

export interface Checkout {
  /** The tree's top: what is imported from a project's folder may lie anywhere in it. */
  readonly top: string;
  /** From the top to the project: `packages/bench`, or nothing. */
  readonly prefix: string;
  /** The project's own. */
  readonly folder: string;
}

export function checkout(top: string, prefix = ''): Checkout {
  return { top, prefix, folder: join(top, prefix) };
}

/** Outside of git, and where its commit does not have the folder, the folder is by itself. */
export async function checkoutOf(folder: string): Promise<Checkout> {
  const known = await tryGit(folder, 'rev-parse', '--verify', '--quiet', 'HEAD:./');
  const top = await tryGit(folder, 'rev-parse', '--show-toplevel');
  const prefix = await tryGit(folder, 'rev-parse', '--show-prefix');
  if (known === null || top === null || prefix === null) return checkout(resolve(folder));
  return checkout(resolve(top), prefix.replace(/\/$/, ''));
}

/** `--config` for both sides: a file of the tree is each side's own, one from elsewhere serves both. */
export function ofEachSide({ top, folder }: Checkout, config?: string): string | undefined {
  if (config === undefined) return undefined;
  const file = resolve(folder, config);
  const real = existsSync(file) ? realpathSync(file) : file;
  return real.startsWith(top + sep) ? relative(folder, real) : file;
}

/**
 * A commit into a folder. Git does not get to know of it: with an index of its own it needs no worktree, which runs
 * hooks and would have to be forgotten again.
 */
export async function checkOut(top: string, commit: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const index = join(into, '.index-of-loopdyno');
  const gitDir = await tryGit(top, 'rev-parse', '--absolute-git-dir');
  const ask = (...args: string[]): Promise<string> =>
    askGit(into, ['--git-dir', gitDir ?? '', '--work-tree', '.', ...PLAIN, ...args], {
      GIT_INDEX_FILE: index,
    });
  try {
    await ask('read-tree', '-u', '--reset', '--no-recurse-submodules', commit);
    for (const { path, id } of submodulesOf(await ask('ls-files', '--stage', '-z'))) {
      await checkOutSubmodule(join(top, path), id, join(into, path), path);
    }
    const large = await ask('ls-files', '-z', ':(attr:filter=lfs)');
    await checkLarge(top, into, large.split('\0').slice(0, -1));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new BaseError(
      `git could not check out ${commit.slice(0, 12)} into ${quote(into)}: ${error.message}`,
      error.said,
      { cause: error },
    );
  } finally {
    await rm(index, { force: true });
  }
}

/** A sparse checkout is of the tree that it was made for. */
const PLAIN = ['-c', 'core.sparseCheckout=false'];

interface Submodule {
  readonly path: string;
  readonly id: string;
}

function submodulesOf(staged: string): Submodule[] {
  return [...staged.matchAll(/160000 ([0-9a-f]+) \d\t([^\0]+)\0/g)].map(
    ([, id = '', path = '']) => ({ id, path }),
  );
}

/** From the repository that this tree has of it. One that is empty here, too, is left so. */
async function checkOutSubmodule(
  here: string,
  commit: string,
  into: string,
  path: string,
): Promise<void> {
  const failed = (why: string, cause?: unknown): BaseError =>
    new BaseError(`the base has the submodule ${quote(path)}, ${why}, or give --base-dir`, '', {
      cause,
    });
  if (!existsSync(here)) throw failed('which is not in this tree: check the base out by itself');
  if (!existsSync(join(here, '.git'))) return;
  await checkOut(here, commit, into).catch((error: unknown) => {
    const at = commit.slice(0, 12);
    throw failed(
      `whose commit ${at} is not here: run \`git -C ${quote(path)} fetch origin ${commit}\``,
      error,
    );
  });
}

const POINTER = 'version https://git-lfs.github.com/spec/';

/** Without git-lfs, or told to skip, git leaves a pointer in the place of a file, and says nothing. */
async function checkLarge(top: string, into: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const here = await startOf(join(top, file));
    if (here === null || here === POINTER) continue; // no use of it here either
    if ((await startOf(join(into, file))) !== POINTER) continue;
    throw new BaseError(
      `the base's ${quote(file)} is a pointer of Git LFS, and this tree's is the file: ` +
        'install git-lfs and unset GIT_LFS_SKIP_SMUDGE, or give --base-dir',
    );
  }
}

async function startOf(path: string): Promise<string | null> {
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(POINTER.length) });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
