import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Arena } from '#dist/src/studies/gate/arena.js';
import { checkout, type Checkout } from '#dist/src/studies/gate/checkout.js';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'loopdyno-arena-')));
  for (const side of ['base', 'head']) {
    const top = join(folder, side);
    await mkdir(join(top, 'dist', 'results'), { recursive: true });
    for (const name of ['results', '.git', 'node_modules/one']) {
      await mkdir(join(top, name), { recursive: true });
    }
    await writeFile(join(top, 'dist', 'results', 'main.js'), side);
    await writeFile(join(top, 'results', 'large.json'), 'large');
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function side(name: string, prefix = ''): Checkout {
  return checkout(join(folder, name), prefix);
}

function arenaOf(seed: number): Promise<Arena> {
  const sides = { base: side('base'), head: side('head') };
  return Arena.of(join(folder, 'cache'), sides, seed);
}

describe('an arena', () => {
  it('has what runs of both sides, in folders of equal length, with the packages of each', async () => {
    const { folders } = await arenaOf(1);
    expect(folders.base).toHaveLength(folders.head.length);
    for (const side of ['base', 'head'] as const) {
      expect((await readdir(folders[side])).toSorted()).toEqual(['dist', 'node_modules']);
      expect(await realpath(join(folders[side], 'node_modules'))).toBe(
        join(folder, side, 'node_modules'),
      );
    }
  });

  it('has the tree that a project lies in, and its own of the packages of a workspace', async () => {
    for (const name of ['base', 'head']) {
      const top = join(folder, name);
      await mkdir(join(top, 'packages', 'bench', 'results'), { recursive: true });
      await mkdir(join(top, 'packages', 'words', '.git'), { recursive: true });
      await writeFile(join(top, 'packages', 'words', 'index.js'), name);
      await symlink('../packages/words', join(top, 'node_modules', 'words'));
    }
    const sides = { base: side('base', 'packages/bench'), head: side('head', 'packages/bench') };
    const { folders } = await Arena.of(join(folder, 'cache'), sides, 1);
    for (const each of ['base', 'head'] as const) {
      expect(await readdir(join(folders[each], 'packages', 'bench'))).toEqual([]);
      expect(await readdir(join(folders[each], 'packages', 'words'))).toEqual(['index.js']);
      const words = join(folders[each], 'node_modules', 'words');
      expect(await realpath(words)).toBe(join(folders[each], 'packages', 'words'));
      expect(await readFile(join(words, 'index.js'), 'utf8')).toBe(each);
      const one = join(folders[each], 'node_modules', 'one');
      expect(await realpath(one)).toBe(join(folder, each, 'node_modules', 'one'));
    }
  });

  it('may lie in what it is made of', async () => {
    const cache = join(folder, 'head', 'mine', '.cache');
    const sides = { base: side('base'), head: side('head') };
    const { folders } = await Arena.of(cache, sides, 1);
    expect(await readdir(join(folders.head, 'mine'))).toEqual([]);
  });

  it('lets them change places by a coin, and says where each is', async () => {
    const arena = await arenaOf(1);
    const opened = {
      base: join(arena.folders.base, 'dist', 'results', 'main.js'),
      head: join(arena.folders.head, 'dist', 'results', 'main.js'),
    };
    const seen = new Set<string>();
    for (let pair = 0; pair < 30; pair++) {
      await arena.start();
      const places = { base: arena.placed(opened.base), head: arena.placed(opened.head) };
      expect(await readFile(places.base, 'utf8')).toBe('base');
      expect(await readFile(places.head, 'utf8')).toBe('head');
      const url = `${pathToFileURL(opened.base).href}?share=0.1`;
      expect(arena.placed(url)).toBe(`${pathToFileURL(places.base).href}?share=0.1`);
      expect(arena.placed('/elsewhere/node')).toBe('/elsewhere/node');
      seen.add(places.base);
    }
    expect(seen.size).toBe(2);
  });

  it('is gone when it is closed, and what it was made of is not', async () => {
    const arena = await arenaOf(2);
    await arena.start();
    await arena.close();
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
    expect(await readFile(join(folder, 'head', 'dist', 'results', 'main.js'), 'utf8')).toBe('head');
  });

  it('leaves nothing where it could not be made', async () => {
    const sides = { base: side('nowhere'), head: side('head') };
    await expect(Arena.of(join(folder, 'cache'), sides, 1)).rejects.toThrow(/nowhere/);
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });
});
