import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BaseError } from '#dist/src/studies/gate/base.js';
import { checkOut, checkoutOf, ofEachSide } from '#dist/src/studies/gate/checkout.js';
import { commit, git, init, put, temporary } from './repository.js';

let folder: string;
let top: string;
let into: string;
beforeEach(async () => {
  folder = await temporary();
  top = await init(folder);
  into = join(folder, 'checked out');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('checkoutOf', () => {
  it('is the tree and the place of the folder in it', async () => {
    await commit(top, 'packages/a b/lib.js', '1');
    const at = join(top, 'packages', 'a b');
    expect(await checkoutOf(at)).toEqual({ top, prefix: 'packages/a b', folder: at });
    expect(await checkoutOf(top)).toEqual({ top, prefix: '', folder: top });
  });

  it('is the folder by itself outside of git, and where git does not have it', async () => {
    await commit(top, 'a', '1');
    const unknown = join(top, 'unknown');
    await mkdir(unknown);
    for (const at of [unknown, folder]) {
      expect(await checkoutOf(at)).toEqual({ top: at, prefix: '', folder: at });
    }
  });
});

describe('ofEachSide', () => {
  it('is the own configuration of each, if it is of the tree', async () => {
    const here = { top, prefix: 'a', folder: join(top, 'a') };
    await put(top, 'shared.config.js');
    await put(folder, 'elsewhere.config.js');
    expect(ofEachSide(here, undefined)).toBeUndefined();
    expect(ofEachSide(here, join(top, 'shared.config.js'))).toBe(join('..', 'shared.config.js'));
    expect(ofEachSide(here, '../shared.config.js')).toBe(join('..', 'shared.config.js'));
    const elsewhere = join(folder, 'elsewhere.config.js');
    expect(ofEachSide(here, '../../elsewhere.config.js')).toBe(elsewhere);
  });
});

describe('checkOut', () => {
  it('is of all files, whatever is sparse or staged here, and git does not know of it', async () => {
    const at = await commit(top, 'deep/er/a', 'old');
    await commit(top, 'deep/er/a', 'new');
    git(top, 'sparse-checkout', 'set', 'nothing');
    await put(top, 'staged');
    git(top, 'add', 'staged');
    await put(top, '.git/hooks/post-checkout', `#!/bin/sh\ntouch '${folder}/hook'\n`);
    await chmod(join(top, '.git/hooks/post-checkout'), 0o755);
    const before = git(top, 'status', '--porcelain');
    await checkOut(top, at, into);
    expect(await readdir(into)).toEqual(['deep']);
    expect(await readFile(join(into, 'deep/er/a'), 'utf8')).toBe('old');
    expect(git(top, 'status', '--porcelain')).toBe(before);
    expect(git(top, 'worktree', 'list').split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'hook'))).toBe(false);
  });

  it('works from a worktree, and leaves those alone whose folders are away', async () => {
    const at = await commit(top, 'a', '1');
    const linked = join(folder, 'linked tree');
    git(top, 'worktree', 'add', '-q', '-b', 'linked', linked);
    git(top, 'worktree', 'add', '-q', join(folder, 'away'));
    await rm(join(folder, 'away'), { recursive: true });
    await checkOut(linked, at, into);
    expect(await readdir(into)).toEqual(['a']);
    expect(git(top, 'worktree', 'list').split('\n')).toHaveLength(3);
  });

  it('tells a commit that git does not have', async () => {
    await commit(top, 'a', '1');
    const failed = checkOut(top, '1'.repeat(40), into);
    await expect(failed).rejects.toThrow(BaseError);
    await expect(failed).rejects.toThrow(/git could not check out 111111111111 into .*: ./);
  });

  it('has the submodules as that commit had them', async () => {
    const other = await init(folder, 'other');
    await commit(other, 'a', 'old');
    git(top, 'submodule', 'add', '-q', other, 'vendor/other one');
    const at = await commit(top, 'b', '1');
    const here = join(top, 'vendor/other one');
    await commit(here, 'a', 'new');
    await checkOut(top, at, into);
    expect(await readFile(join(into, 'vendor/other one/a'), 'utf8')).toBe('old');

    git(top, 'update-index', '--cacheinfo', `160000,${'2'.repeat(40)},vendor/other one`);
    git(top, 'commit', '-qm', 'what nobody has');
    await expect(checkOut(top, git(top, 'rev-parse', 'HEAD'), `${into}2`)).rejects.toThrow(
      /submodule 'vendor\/other one', whose commit 2+ is not here: run `git -C .* fetch/,
    );
    await rm(here, { recursive: true });
    await expect(checkOut(top, at, `${into}3`)).rejects.toThrow(/which is not in this tree/);
    await mkdir(here);
    await checkOut(top, at, `${into}4`);
    expect(await readdir(join(`${into}4`, 'vendor/other one'))).toEqual([]);
  });

  it('takes no pointer of Git LFS for a file that is here', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`;
    await put(top, '.gitattributes', '*.bin filter=lfs\n');
    const at = await commit(top, 'large.bin', pointer);
    await checkOut(top, at, into);
    await put(top, 'large.bin', 'the file');
    await expect(checkOut(top, at, `${into}2`)).rejects.toThrow(
      /'large\.bin' is a pointer of Git LFS.*install git-lfs/,
    );
  });
});
