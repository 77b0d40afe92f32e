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
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigError } from '../../config/errors.js';
import type { Beside } from '../../harness/beside.js';
import { mixed, seeded, type Random } from '../../stats/random.js';
import { quote } from '../../text/errors.js';
import { BaseError } from './base.js';
import { openBuild, type Build } from './build.js';
import { checkout, type Checkout } from './checkout.js';
import { linkTree } from './linked.js';

export type Side = 'base' | 'head';

const PLACES = ['a', 'b'] as const;

export class Arena implements Beside {
  /** Where each side was opened; see `placed`. */
  readonly folders: Readonly<Record<Side, string>>;
  private readonly folder: string;
  private readonly random: Random;
  private swapped = false;

  /** The two checkouts, built. Of a project in a folder, the whole tree that it lies in. */
  static async of(
    cache: string,
    sides: Readonly<Record<Side, Checkout>>,
    seed: number,
  ): Promise<Arena> {
    const folder = join(cache, `arena-${randomBytes(4).toString('hex')}`);
    const arena = new Arena(folder, seed);
    try {
      await mkdir(folder, { recursive: true });
      // Which of them is made first is a coin's, too.
      const order: Side[] = arena.random.int(0, 1) === 0 ? ['base', 'head'] : ['head', 'base'];
      for (const side of order) {
        const { top, folder: project } = sides[side];
        const without = new Set([join(project, 'results'), resolve(cache)]);
        await linkTree(top, arena.folders[side], without);
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
  given: Readonly<Record<Side, Checkout>>,
  { seed, config }: { readonly seed: number; readonly config: string | undefined },
  race: (raced: Raced) => Promise<T>,
): Promise<T> {
  const sides = alike(given);
  // What is no checkout, or not built, is said of the folder that was given.
  await openBuild(sides.head.folder, config);
  await checkBase(sides.base.folder, config);
  const arena = await Arena.of(cache, sides, seed);
  const open = (side: Side): Promise<Build> =>
    openBuild(join(arena.folders[side], sides[side].prefix), config);
  try {
    const base = await open('base');
    return await race({ arena, base, head: await open('head') });
  } finally {
    await arena.close();
  }
}

/** Head has been opened: what is wrong now is the base's, and nobody's mistake on the command line. */
async function checkBase(folder: string, config: string | undefined): Promise<void> {
  const instead = 'name another with --base, or give --base-dir';
  if (config !== undefined && !existsSync(resolve(folder, config))) {
    throw new BaseError(`the base has no configuration ${quote(config)}: ${instead}`);
  }
  await openBuild(folder, config).catch((error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    throw new BaseError(
      `the base has a configuration that does not work: ${error.message}; ${instead}`,
      '',
      {
        cause: error,
      },
    );
  });
}

/** Projects that lie elsewhere in their trees are without them: their paths have to be of equal length. */
function alike(sides: Readonly<Record<Side, Checkout>>): Readonly<Record<Side, Checkout>> {
  const { base, head } = sides;
  if (base.prefix === head.prefix) return sides;
  return { base: checkout(base.folder), head: checkout(head.folder) };
}
