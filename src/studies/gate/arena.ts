/**
 * Where base and head lie while they are measured: two folders of equal length, in which they change places by a coin
 * before every pair.
 *
 *   results/.cache/arena-<random>/a   ┐ base and head, or head and base: every file a link to the same bytes,
 *   results/.cache/arena-<random>/b   ┘ packages behind a link in both
 *
 * A process's speed hangs on the length of its paths, on what lies beside what in memory, on who was built first. None
 * of it is known, and all of it would be read as a difference of the code. What changes places by a coin cannot favour
 * one side. Two things stay with a side: where its files lie on the disk and in the kernel's memory, and the installed
 * packages, where base and head have other lockfiles.
 */
import { randomBytes } from 'node:crypto';
import { cp, link, mkdir, readdir, realpath, rename, rm, symlink } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Beside } from '../../harness/beside.js';
import { mixed, seeded, type Random } from '../../stats/random.js';
import { openBuild, type Build } from './build.js';

export type Side = 'base' | 'head';

const PLACES = ['a', 'b'] as const;

/** Of a checkout, what is no part of what runs: it may be large, and hold the arena itself. */
function leftOut(top: string, cache: string): ReadonlySet<string> {
  return new Set([join(top, '.git'), join(top, 'results'), resolve(cache)]);
}

export class Arena implements Beside {
  /** Where each side was opened; see `placed`. */
  readonly folders: Readonly<Record<Side, string>>;
  private readonly folder: string;
  private readonly random: Random;
  private swapped = false;

  /** Of two checkouts that are built. */
  static async of(
    cache: string,
    sides: Readonly<Record<Side, string>>,
    seed: number,
  ): Promise<Arena> {
    const folder = join(cache, `arena-${randomBytes(4).toString('hex')}`);
    const arena = new Arena(folder, seed);
    try {
      await mkdir(folder, { recursive: true });
      // Which of them is made first is a coin's, too.
      const order: Side[] = arena.random.int(0, 1) === 0 ? ['base', 'head'] : ['head', 'base'];
      for (const side of order) {
        const from = resolve(sides[side]);
        await linkTree(from, arena.folders[side], leftOut(from, cache));
      }
      return arena;
    } catch (error) {
      await arena.close();
      throw error;
    }
  }

  private constructor(folder: string, seed: number) {
    this.folder = folder;
    this.folders = { base: join(folder, PLACES[0]), head: join(folder, PLACES[1]) };
    this.random = seeded(mixed(seed));
  }

  /** Before a pair. */
  async start(): Promise<void> {
    if (this.random.int(0, 1) === 0) return;
    const { base, head } = this.folders;
    const aside = join(this.folder, 'c');
    await rename(base, aside);
    await rename(head, base);
    await rename(aside, head);
    this.swapped = !this.swapped;
  }

  async turn(): Promise<void> {}
  async end(): Promise<void> {}

  /** Where what lay at this path, or URL, when it was opened lies now. */
  placed(at: string): string {
    const isUrl = at.startsWith('file:');
    const path = isUrl ? fileURLToPath(at) : at;
    const { base, head } = this.folders;
    const from = [base, head].find((folder) => path.startsWith(folder + sep));
    if (!this.swapped || from === undefined) return at;
    const moved = join(from === base ? head : base, relative(from, path));
    if (!isUrl) return moved;
    const url = pathToFileURL(moved);
    url.search = new URL(at).search;
    return url.href;
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface Raced extends Readonly<Record<Side, Build>> {
  readonly arena: Arena;
}

/** Two checkouts in an arena, which is gone afterwards. */
export async function inArena<T>(
  cache: string,
  sides: Readonly<Record<Side, string>>,
  { seed, config }: { readonly seed: number; readonly config: string | undefined },
  race: (raced: Raced) => Promise<T>,
): Promise<T> {
  // What is no checkout, or not built, is said of the folder that was given.
  for (const folder of Object.values(sides)) await openBuild(folder, config);
  const arena = await Arena.of(cache, sides, seed);
  try {
    const base = await openBuild(arena.folders.base, config);
    return await race({ arena, base, head: await openBuild(arena.folders.head, config) });
  } finally {
    await arena.close();
  }
}

/** A hard link for each file, which takes no room; a copy where the file system has none. */
async function linkTree(from: string, to: string, without: ReadonlySet<string>): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (without.has(source)) continue;
    if (entry.name === 'node_modules') await symlink(await realpath(source), target, 'junction');
    else if (entry.isDirectory()) await linkTree(source, target, without);
    else if (entry.isSymbolicLink()) await cp(source, target, { verbatimSymlinks: true });
    else if (entry.isFile()) await link(source, target).catch(() => cp(source, target));
  }
}
