import { chmod, readFile, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CommandError } from '#dist/src/studies/gate/command.js';
import {
  buildPackages,
  installPackages,
  NoPackageManagerError,
  packagesOf,
  type Packages,
} from '#dist/src/studies/gate/packages.js';
import { put, temporary } from './repository.js';

let top: string;
beforeEach(async () => {
  top = await temporary();
  // Whatever is installed here: Node alone, and what a test puts into `bin`.
  await put(top, 'bin/node', `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  await chmod(join(top, 'bin/node'), 0o755);
  vi.stubEnv('PATH', [join(top, 'bin'), '/usr/bin', '/bin'].join(delimiter));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(top, { recursive: true, force: true });
});

/** A manager that answers its version, and writes down what else it was asked, and where. */
async function manager(name: string, version: string): Promise<void> {
  const file = join('bin', name);
  await put(
    top,
    file,
    `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; else echo "\${PWD##*/}: $*" >> '${top}/asked'; fi\n`,
  );
  await chmod(join(top, file), 0o755);
}

const asked = async (): Promise<string[]> =>
  (await readFile(join(top, 'asked'), 'utf8')).trim().split('\n');

const place = () => ({ top, signal: new AbortController().signal });

async function project(files: Readonly<Record<string, string>>, prefix = ''): Promise<Packages> {
  for (const [file, text] of Object.entries(files)) await put(top, file, text);
  const found = packagesOf(top, prefix);
  if (found === null) throw new Error('no packages');
  return found;
}

const said = (more: object): string => JSON.stringify({ name: 'x', ...more });

describe('packagesOf', () => {
  it.each([
    ['package-lock.json', 'npm'],
    ['npm-shrinkwrap.json', 'npm'],
    ['pnpm-lock.yaml', 'pnpm'],
    ['yarn.lock', 'yarn'],
    ['bun.lock', 'bun'],
    ['bun.lockb', 'bun'],
  ])('%s is of %s', async (lockfile, name) => {
    const found = await project({ 'package.json': said({}), [lockfile]: '' });
    expect(found).toMatchObject({ manager: name, at: '', lockfile, because: lockfile });
  });

  it('is whose package.json says, whatever other lockfiles lie about', async () => {
    const files = {
      'package.json': said({ packageManager: 'pnpm@9.0.0' }),
      'package-lock.json': '',
      'pnpm-lock.yaml': '',
    };
    expect(await project(files)).toMatchObject({ manager: 'pnpm', lockfile: 'pnpm-lock.yaml' });
  });

  it('is where the lockfile is: the project, or what it lies in', async () => {
    const files = {
      'yarn.lock': '',
      'package.json': said({}),
      'packages/a/package.json': said({}),
    };
    expect(await project(files, 'packages/a')).toMatchObject({ manager: 'yarn', at: '' });
    const own = { 'packages/a/package-lock.json': '' };
    expect(await project(own, 'packages/a')).toMatchObject({ manager: 'npm', at: 'packages/a' });
  });

  it('is of the workspace, or by itself, without a lockfile', async () => {
    const files = { 'package.json': said({}), 'packages/a/package.json': said({}) };
    expect(await project(files, 'packages/a')).toMatchObject({ at: 'packages/a', lockfile: null });
    const npm = { 'package.json': said({ workspaces: ['packages/*'] }) };
    expect(await project(npm, 'packages/a')).toMatchObject({ manager: 'npm', at: '' });
    const pnpm = { 'pnpm-workspace.yaml': '' };
    expect(await project(pnpm, 'packages/a')).toMatchObject({ manager: 'pnpm', at: '' });
    expect(packagesOf(join(top, 'bin'), '')).toBeNull();
  });
});

describe('installPackages', () => {
  it.each([
    ['npm', '10.0.0', 'package-lock.json', 'ci --loglevel=error'],
    ['pnpm', '9.0.0', 'pnpm-lock.yaml', 'install --frozen-lockfile'],
    ['yarn', '1.22.22', 'yarn.lock', 'install --frozen-lockfile'],
    ['yarn', '4.1.0', 'yarn.lock', 'install --immutable'],
    ['bun', '1.2.0', 'bun.lock', 'install --frozen-lockfile'],
  ])('is what the lockfile says, by %s %s', async (name, version, lockfile, line) => {
    await manager(name, version);
    const packages = await project(
      { [`one/${lockfile}`]: '', 'one/package.json': said({}) },
      'one',
    );
    await installPackages(packages, place());
    expect(await asked()).toEqual([`one: ${line}`]);
  });

  it.each(['pnpm', 'yarn', 'bun'])('names %s where it is not there', async (name) => {
    const packages = await project({ 'package.json': said({ packageManager: `${name}@1.0.0` }) });
    vi.stubEnv('PATH', join(top, 'bin'));
    const failed = installPackages(packages, place());
    await expect(failed).rejects.toThrow(NoPackageManagerError);
    await expect(failed).rejects.toThrow(
      new RegExp(
        `this project are ${name}'s \\(packageManager in package.json\\).*install ${name}, or build the base yourself and give --base-dir`,
      ),
    );
  });

  it('tells a failure of it as such', async () => {
    await manager('pnpm', '9.0.0');
    const packages = await project({ 'pnpm-lock.yaml': '' });
    await put(top, 'bin/pnpm', '#!/bin/sh\n[ "$1" = --version ] || { echo no luck; exit 4; }\n');
    const failed = await installPackages(packages, place()).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(CommandError);
    expect(failed).toMatchObject({ log: 'no luck\n' });
    expect((failed as Error).message).toBe('`pnpm install --frozen-lockfile` ended with status 4');
  });
});

describe('buildPackages', () => {
  it('builds the workspace and then the project, where they have something to build', async () => {
    await manager('pnpm', '9.0.0');
    const scripts = { build: 'tsc' };
    const files = {
      'work/pnpm-lock.yaml': '',
      'work/package.json': said({ scripts }),
      'work/one/package.json': said({ scripts }),
      'work/two/package.json': said({}),
    };
    const packages = await project(files, 'work/one');
    await buildPackages(packages, place(), 'work/one');
    await buildPackages(packages, place(), dirname('work/two/package.json'));
    expect(await asked()).toEqual(['work: run build', 'one: run build', 'work: run build']);
  });
});
