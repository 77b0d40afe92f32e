/** Whose a project's packages are, npm's or another's, and where they are installed. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quote } from '../../text/errors.js';
import { BaseError } from './base.js';
import { CommandError, runCommand } from './command.js';

export type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** The project is of a package manager that is not here, and another one would install something else. */
export class NoPackageManagerError extends BaseError {}

export interface Packages {
  readonly manager: Manager;
  /** From the tree's top to the folder with the lockfile: that of the project, or of its workspace. */
  readonly at: string;
  /** Its name; null where the project has none. */
  readonly lockfile: string | null;
  /** What says whose they are. */
  readonly because: string;
}

const LOCKFILES: Readonly<Record<string, Manager>> = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'npm-shrinkwrap.json': 'npm',
  'package-lock.json': 'npm',
};

/** What a `package.json` says; null without one. */
interface Manifest {
  readonly packageManager?: string;
  readonly workspaces?: unknown;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** The nearest lockfile from the project up to the top; without any, the workspace, or the project by itself. */
export function packagesOf(top: string, prefix: string): Packages | null {
  const all = upwards(prefix).flatMap((at) => readPackages(top, at));
  const without = all.findLast(({ isRoot }) => isRoot) ?? all[0] ?? null;
  return all.find(({ lockfile }) => lockfile !== null) ?? without;
}

/** The packages that one folder declares; none where it declares none. */
function readPackages(top: string, at: string): (Packages & { readonly isRoot: boolean })[] {
  const folder = join(top, at);
  const has = (name: string): boolean => existsSync(join(folder, name));
  const manifest = manifestOf(folder);
  const named = /^(npm|pnpm|yarn|bun)@/.exec(manifest?.packageManager ?? '')?.[1] as
    Manager | undefined;
  const lockfile =
    Object.keys(LOCKFILES).find(
      (name) => has(name) && (named === undefined || LOCKFILES[name] === named),
    ) ?? null;
  const workspace = has('pnpm-workspace.yaml') ? 'pnpm-workspace.yaml' : null;
  if (manifest === null && lockfile === null && workspace === null) return [];
  const manager =
    named ?? LOCKFILES[lockfile ?? ''] ?? (workspace === null ? ('npm' as const) : 'pnpm');
  const said = lockfile ?? workspace ?? 'package.json';
  const because = named === undefined ? said : 'packageManager in package.json';
  const isRoot = named !== undefined || workspace !== null || manifest?.workspaces !== undefined;
  return [{ at, manager, lockfile, because, isRoot }];
}

function upwards(prefix: string): string[] {
  const folders = [];
  for (let at = prefix; at !== '' && at !== '.'; at = dirname(at)) folders.push(at);
  return [...folders, ''];
}

function manifestOf(folder: string): Manifest | null {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch (error) {
    throw new BaseError(`${quote(file)} of the base is no JSON: ${(error as Error).message}`);
  }
}

export interface Place {
  /** The tree's top. */
  readonly top: string;
  readonly signal: AbortSignal;
}

/** Exactly what the lockfile says; without one, what its manager makes of `package.json`. */
export async function installPackages(packages: Packages, place: Place): Promise<void> {
  const version = await versionOf(packages, place);
  await managerRun(packages, place, packages.at, installArguments(packages, version));
}

function installArguments({ manager, lockfile }: Packages, version: string): string[] {
  if (manager === 'npm') return [lockfile === null ? 'install' : 'ci'];
  if (lockfile === null) return ['install'];
  const isBerry = manager === 'yarn' && Number.parseInt(version, 10) >= 2;
  return ['install', isBerry ? '--immutable' : '--frozen-lockfile'];
}

/** Runs `build` of the workspace, and of the project in it, where they have one. */
export async function buildPackages(
  packages: Packages,
  place: Place,
  prefix: string,
): Promise<void> {
  for (const at of new Set([packages.at, prefix])) {
    if (manifestOf(join(place.top, at))?.scripts?.['build'] === undefined) continue;
    if (packages.manager !== 'npm') await versionOf(packages, place);
    await managerRun(packages, place, at, ['run', 'build']);
  }
}

function managerRun(
  { manager }: Packages,
  { top, signal }: Place,
  at: string,
  args: readonly string[],
): Promise<string> {
  const quiet = manager === 'npm' ? ['--loglevel=error'] : [];
  return runCommand([manager, ...args, ...quiet], { cwd: join(top, at), signal });
}

async function versionOf({ manager, because, at }: Packages, { top, signal }: Place) {
  try {
    return await runCommand([manager, '--version'], { cwd: join(top, at), signal });
  } catch (error) {
    if (!(error instanceof CommandError) || signal.aborted) throw error;
    throw new NoPackageManagerError(
      `the packages of this project are ${manager}'s (${because}), and ${error.message}: install ` +
        `${manager}, or build the base yourself and give --base-dir`,
      error.log,
      { cause: error },
    );
  }
}
