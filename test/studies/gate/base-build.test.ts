import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildBase } from '#dist/src/studies/gate/base-build.js';
import { BaseError } from '#dist/src/studies/gate/base.js';
import { checkout } from '#dist/src/studies/gate/checkout.js';
import { commit, git, init, put, temporary } from './repository.js';

let folder: string;
let top: string;
beforeEach(async () => {
  folder = await temporary();
  top = await init(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const idle = new AbortController().signal;

async function build(at: string, { signal = idle, prefix = '' } = {}): Promise<string> {
  const head = checkout(top, prefix);
  const cache = join(folder, 'cache');
  const built = await buildBase({ head, cache, commit: at, signal, say: () => {} });
  return built.folder;
}

const project = (script: string, more: object = {}): string =>
  JSON.stringify({ name: 'x', version: '1.0.0', scripts: { build: script }, ...more });

describe('buildBase', () => {
  it('checks out and builds that commit once, and leaves git as it was', async () => {
    const at = await commit(top, 'package.json', project('node -p 1 > built.txt'));
    await commit(top, 'later', '1');
    const built = await build(at);
    expect(existsSync(join(built, 'built.txt'))).toBe(true);
    expect(existsSync(join(built, 'later'))).toBe(false);
    expect(git(top, 'worktree', 'list').split('\n')).toHaveLength(1);
    await rm(join(built, 'built.txt'));
    expect(await build(at)).toBe(built);
    expect(existsSync(join(built, 'built.txt'))).toBe(false); // not built again
  });

  it('gives the log of a base that does not build, and keeps nothing of it', async () => {
    const at = await commit(
      top,
      'package.json',
      project('node -e \'console.log("no luck");process.exit(7)\''),
    );
    const failed = await build(at).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BaseError);
    expect((failed as BaseError).message).toMatch(/cannot be built: `npm run build/);
    expect((failed as BaseError).log).toContain('no luck');
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
    expect(git(top, 'worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('ends the build when it is interrupted', async () => {
    const at = await commit(top, 'package.json', project('node -e "setInterval(() => {}, 1000)"'));
    const controller = new AbortController();
    const building = build(at, { signal: controller.signal });
    const ended = expect(building).rejects.toThrow(BaseError);
    controller.abort();
    await ended;
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  it('has the packages of this tree for the same lockfile, for as long as it is the same', async () => {
    await put(top, '.gitignore', 'node_modules\n');
    await put(top, 'package.json', project('node -p 1'));
    const at = await commit(top, 'package-lock.json', '{"lockfileVersion":3,"packages":{}}');
    await put(top, 'node_modules/one/index.js', '1');
    const built = await build(at);
    expect(await realpath(join(built, 'node_modules'))).toBe(join(top, 'node_modules'));
    await put(top, 'package-lock.json', '{"lockfileVersion":3,"packages":{} }');
    await build(at);
    expect(existsSync(join(built, 'node_modules', 'one'))).toBe(false);
  });

  it('is of the same folder, with the packages of the workspace, whose own are those of the base', async () => {
    await put(top, '.gitignore', 'node_modules\n');
    await put(top, 'package.json', '{"name":"top","workspaces":["packages/*"]}');
    await put(top, 'package-lock.json', '{"lockfileVersion":3}');
    await put(top, 'packages/words/index.js', 'old');
    await put(top, 'packages/bench/package.json', project('node -p 1 > built.txt'));
    const at = await commit(top, 'packages/words/package.json', '{"name":"@acme/words"}');
    await put(top, 'packages/words/index.js', 'new');
    await put(top, 'node_modules/third/index.js', 'third');
    await mkdir(join(top, 'node_modules', '@acme'));
    await symlink('../../packages/words', join(top, 'node_modules', '@acme', 'words'));
    const built = await build(at, { prefix: 'packages/bench' });
    expect(built).toMatch(/packages.bench$/);
    expect(existsSync(join(built, 'built.txt'))).toBe(true);
    const read = (name: string): Promise<string> =>
      readFile(join(built, '../../node_modules', name, 'index.js'), 'utf8');
    expect([await read('@acme/words'), await read('third')]).toEqual(['old', 'third']);
  });

  it('keeps a build of each folder', async () => {
    await put(top, 'a/package.json', project('node -p 1 > built.txt'));
    const at = await commit(top, 'b/package.json', project('node -p 1 > built.txt'));
    for (const prefix of ['a', 'b']) {
      expect(existsSync(join(await build(at, { prefix }), 'built.txt'))).toBe(true);
    }
  });

  it('says so where the base does not have the folder', async () => {
    const at = await commit(top, 'a', '1');
    await expect(build(at, { prefix: 'packages/new' })).rejects.toThrow(
      /has no folder 'packages\/new'.*--base/,
    );
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });
});
