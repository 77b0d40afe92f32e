import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BaseError, resolveBase } from '#dist/src/studies/gate/base.js';
import { commit, git, init, temporary } from './repository.js';

let folder: string;
let top: string;
beforeEach(async () => {
  folder = await temporary();
  top = await init(folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

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

  it('names the one of origin that was meant', async () => {
    const base = await commit(top, 'a', '1');
    git(top, 'update-ref', 'refs/remotes/origin/next', base);
    await expect(resolveBase(top, 'next')).rejects.toThrow(/did you mean 'origin\/next'\?/);
  });

  it('guesses nothing where a shallow clone hides where HEAD left the default branch', async () => {
    await commit(top, 'a', '1');
    git(top, 'checkout', '-qb', 'topic');
    await commit(top, 'b', '1');
    await commit(top, 'c', '1');
    git(top, 'checkout', '-q', 'main');
    await commit(top, 'd', '1');
    const shallow = join(folder, 'shallow');
    const depth = ['--depth', '2', '--no-single-branch', '-b', 'topic'];
    git(top, 'clone', '-q', ...depth, `file://${top}`, shallow);
    await expect(resolveBase(shallow, null)).rejects.toThrow(
      /cannot see where HEAD left origin\/main: this is a shallow clone; .*fetch-depth: 0/,
    );
  });

  it("gives git's own reason where it refuses, and the remedy", async () => {
    await commit(top, 'a', '1');
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
    await expect(resolveBase(top, null)).rejects.toThrow(
      /dubious ownership.*`git config --global --add safe\.directory '?.*repo'?`.*--base-dir/,
    );
  });

  it('says so in a bare repository, and without git', async () => {
    const bare = join(folder, 'bare');
    git(top, 'init', '-q', '--bare', bare);
    await expect(resolveBase(bare, null)).rejects.toThrow(
      /bare repository: run this in a checkout/,
    );
    vi.stubEnv('PATH', bare);
    await expect(resolveBase(top, null)).rejects.toThrow(/no git on the PATH.*install it/);
  });
});
