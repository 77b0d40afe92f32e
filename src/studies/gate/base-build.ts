/**
 * A build of the base commit to race against, made once per commit and kept:
 *
 *   the commit's files ─▶ npm ci ─▶ npm run build ─▶ results/.cache/base-<commit>/
 *                         or pnpm, yarn, bun;        dist, native build, configuration;
 *                         only where the lockfile    kept for the next run
 *                         differs from this tree's
 *
 * A project in a folder of its repository is built there, in a checkout of all of it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { quote } from '../../text/errors.js';
import { BaseError } from './base.js';
import { checkout, checkOut, type Checkout } from './checkout.js';
import { CommandError } from './command.js';
import { linkPackages } from './linked.js';
import { buildPackages, installPackages, packagesOf, type Packages } from './packages.js';

/** Builds that are kept; the oldest go. */
const KEPT = 3;
/** In a build that is complete. */
const BUILT = '.built';
/** In a build that has its packages from this tree. */
const SHARES = '.shares-packages';

export interface BaseBuildOptions {
  readonly head: Checkout;
  /** Where builds are kept, such as `results/.cache`. */
  readonly cache: string;
  readonly commit: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** The same project in a tree of that commit. */
export async function buildBase(options: BaseBuildOptions): Promise<Checkout> {
  const { head, commit, say } = options;
  const { prefix } = head;
  const cache = resolve(options.cache);
  const short = commit.slice(0, 12);
  const kept = join(cache, `base-${commit}${markOf(prefix)}`);
  if (existsSync(join(kept, BUILT)) && (await hasItsPackages(kept, head))) {
    say(`base ${short}: built before`);
    return checkout(kept, prefix);
  }
  await mkdir(cache, { recursive: true });
  const making = join(cache, `.making-${short}-${randomBytes(4).toString('hex')}`);
  try {
    await checkOut(head.top, commit, making);
    if (!existsSync(join(making, prefix))) {
      throw new BaseError(
        `the base ${short} has no folder ${quote(prefix)}: there is nothing to compare with; ` +
          'name another with --base, or give --base-dir',
      );
    }
    const packages = packagesOf(making, prefix);
    if (packages !== null) await build(options, making, packages);
    await rm(kept, { recursive: true, force: true });
    await rename(making, kept);
    await mkdir(join(kept, BUILT));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const what = `the base ${short} cannot be built: ${error.message}`;
    throw new BaseError(what, error.log, { cause: error });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  await forgetOld(cache, kept);
  return checkout(kept, prefix);
}

/** Tells projects in different folders apart, because several may keep their builds in one place. */
function markOf(prefix: string): string {
  if (prefix === '') return '';
  return `-${createHash('sha256').update(prefix).digest('hex').slice(0, 8)}`;
}

async function build(
  { head, commit, signal, say }: BaseBuildOptions,
  top: string,
  packages: Packages,
): Promise<void> {
  const base = `base ${commit.slice(0, 12)}`;
  if (await sameLockfile(packages, top, head.top)) {
    await linkPackages(join(head.top, packages.at), join(top, packages.at));
    await mkdir(join(top, SHARES));
  } else {
    say(`${base}: installing its packages with ${packages.manager}`);
    await installPackages(packages, { top, signal });
  }
  say(`${base}: building`);
  await buildPackages(packages, { top, signal }, head.prefix);
}

/** The same lockfile installs the same packages: those of this tree serve both. */
async function sameLockfile(
  { at, lockfile }: Packages,
  top: string,
  head: string,
): Promise<boolean> {
  if (lockfile === null || !existsSync(join(head, at, 'node_modules'))) return false;
  try {
    const read = (tree: string): Promise<Buffer> => readFile(join(tree, at, lockfile));
    return (await read(top)).equals(await read(head));
  } catch {
    return false;
  }
}

/** Those of this tree may be others by now. */
async function hasItsPackages(kept: string, { top, prefix }: Checkout): Promise<boolean> {
  const packages = packagesOf(kept, prefix);
  return (
    !existsSync(join(kept, SHARES)) ||
    (packages !== null && (await sameLockfile(packages, kept, top)))
  );
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
