import { rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedFiles, isDirty } from '#dist/src/system/git.js';
import { touchedBy } from '#dist/src/studies/gate/touched.js';
import { commit, git, init, put, temporary } from './repository.js';

let folder: string;
let top: string;
beforeEach(async () => {
  folder = await temporary();
  top = await init(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const changed = async (base: string, from = top): Promise<string[] | undefined> =>
  (await changedFiles(from, base))?.toSorted();

const LONG = Array.from({ length: 40 }, (_, line) => `export const a${line} = ${line};`).join('\n');

describe('changedFiles', () => {
  it('has what is committed, changed and new, and what git ignores not', async () => {
    const base = await commit(top, '.gitignore', 'ignored\n');
    await commit(top, 'committed', '1');
    expect(await isDirty(top)).toBe(false);
    await put(top, 'new');
    await put(top, 'ignored');
    await put(top, '.gitignore', 'ignored\n\n');
    expect(await changed(base)).toEqual(['.gitignore', 'committed', 'new']);
    expect(await isDirty(top)).toBe(true);
    expect(await changedFiles(folder, base)).toBeNull();
  });

  it('has both names of what was moved: it has touched where it was', async () => {
    const base = await commit(top, 'src/policies/queue/fast.ts', LONG);
    await put(top, 'docs/fast.ts');
    await rename(join(top, 'src/policies/queue/fast.ts'), join(top, 'docs/fast.ts'));
    await commit(top, 'docs/why.md', '');
    git(top, 'config', 'diff.renames', 'copies');
    const files = await changed(base);
    expect(files).toEqual(['docs/fast.ts', 'docs/why.md', 'src/policies/queue/fast.ts']);
    expect(touchedBy(files ?? []).policies).toEqual(new Set(['queue']));
  });

  it('has what was removed, copied, or became of another type', async () => {
    await put(top, 'removed', LONG);
    await put(top, 'source', LONG);
    const base = await commit(top, 'type', LONG);
    await rm(join(top, 'removed'));
    await rm(join(top, 'type'));
    await symlink('source', join(top, 'type'));
    await put(top, 'copy', LONG);
    expect(await changed(base)).toEqual(['copy', 'removed', 'type']);
  });

  it('has names as they are', async () => {
    const names = [' space', 'a b', 'grün', 'new\nline', 'quote"d', 'tab\t', '文字'];
    const base = await commit(top, 'first', '');
    for (const name of names.slice(2)) await put(top, name);
    await commit(top, 'a b', '');
    await put(top, ' space');
    expect(await changed(base)).toEqual(names);
  });

  it('tells of the whole repository from a folder of it, however diff is configured', async () => {
    await put(top, 'packages/one/a');
    const base = await commit(top, 'packages/two/b', '');
    git(top, 'config', 'diff.relative', 'true');
    await put(top, 'packages/two/b', '1');
    await put(top, 'packages/two/new');
    const files = ['packages/two/b', 'packages/two/new'];
    expect(await changed(base, join(top, 'packages/one'))).toEqual(files);
  });

  it('has a submodule that is at another commit, or changed', async () => {
    const other = await init(folder, 'other');
    await commit(other, 'a', '1');
    git(top, 'submodule', 'add', '-q', other, 'vendor/other');
    const base = await commit(top, 'b', '1');
    git(top, 'config', 'diff.ignoreSubmodules', 'all');
    expect(await changed(base)).toEqual([]);
    await put(top, 'vendor/other/a', '2');
    expect(await changed(base)).toEqual(['vendor/other']);
  });

  it('asks about the folder that it was given, in a hook too', async () => {
    const base = await commit(top, 'a', '1');
    await put(top, 'a', '2');
    process.env['GIT_DIR'] = join(folder, 'nowhere');
    try {
      expect(await changed(base)).toEqual(['a']);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });
});
