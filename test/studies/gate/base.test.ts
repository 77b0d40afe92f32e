import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildBase } from '#dist/src/studies/gate/base-build.js';
import { BaseError, resolveBase } from '#dist/src/studies/gate/base.js';
import { commit, git, init, temporary } from './repository.js';

let folder: string;
let top: string;
beforeEach(async () => {
  folder = await temporary();
  top = await init(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('resolveBase', () => {
  it('is where the branch left the default branch', async () => {
    const fork = await commit(top, 'a', '1');
    git(top, 'checkout', '-qb', 'topic');
    await commit(top, 'b', '1');
    await commit(top, 'b', '2');
    expect(await resolveBase(top, null)).toMatchObject({ commit: fork, ref: 'main' });
  });

  it('is the commit before, on the default branch itself', async () => {
    const first = await commit(top, 'a', '1');
    await commit(top, 'a', '2');
    expect(await resolveBase(top, null)).toMatchObject({ commit: first, ref: 'HEAD~1' });
  });

  it('is what was asked for', async () => {
    const first = await commit(top, 'a', '1');
    expect(await resolveBase(top, 'HEAD')).toMatchObject({ commit: first });
    await expect(resolveBase(top, 'nope')).rejects.toThrow(/git knows no commit 'nope'/);
    await expect(resolveBase(top, '--all')).rejects.toThrow(BaseError);
  });

  it('says what to do without git, without a commit, without a parent, in a shallow clone', async () => {
    await expect(resolveBase(folder, null)).rejects.toThrow(/no git repository.*--base-dir/);
    await expect(resolveBase(top, null)).rejects.toThrow(/no commit yet/);
    await commit(top, 'a', '1');
    await expect(resolveBase(top, null)).rejects.toThrow(/no parent.*--base/);
    await commit(top, 'a', '2');
    const shallow = join(folder, 'shallow');
    execFileSync('git', ['clone', '-q', '--depth', '1', `file://${top}`, shallow]);
    await expect(resolveBase(shallow, null)).rejects.toThrow(/shallow clone.*unshallow/);
  });
});

describe('buildBase', () => {
  const build = (top: string, at: string, signal = new AbortController().signal) =>
    buildBase({ top, cache: join(folder, 'cache'), commit: at, signal, say: () => {} });
  const project = (script: string): string =>
    JSON.stringify({ name: 'x', version: '1.0.0', scripts: { build: script } });

  it('checks out and builds that commit once, and leaves git as it was', async () => {
    const at = await commit(top, 'package.json', project('node -p 1 > built.txt'));
    await commit(top, 'later', '1');
    const built = await build(top, at);
    expect(existsSync(join(built, 'built.txt'))).toBe(true);
    expect(existsSync(join(built, 'later'))).toBe(false);
    expect(git(top, 'worktree', 'list').split('\n')).toHaveLength(1);
    await rm(join(built, 'built.txt'));
    expect(await build(top, at)).toBe(built);
    expect(existsSync(join(built, 'built.txt'))).toBe(false); // not built again
  });

  it('gives the log of a base that does not build, and keeps nothing of it', async () => {
    const at = await commit(
      top,
      'package.json',
      project('node -e \'console.log("no luck");process.exit(7)\''),
    );
    const failed = await build(top, at).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BaseError);
    expect((failed as BaseError).message).toMatch(/cannot be built: `npm run build/);
    expect((failed as BaseError).log).toContain('no luck');
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
    expect(git(top, 'worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('ends the build when it is interrupted', async () => {
    const at = await commit(top, 'package.json', project('node -e "setInterval(() => {}, 1000)"'));
    const controller = new AbortController();
    const building = build(top, at, controller.signal);
    const ended = expect(building).rejects.toThrow(BaseError);
    controller.abort();
    await ended;
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });
});
