/** A tree once more, in links: it takes no room, and has the very same bytes. */
import { existsSync } from 'node:fs';
import { cp, link, mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

const MODULES = 'node_modules';

interface Trees {
  readonly from: string;
  readonly to: string;
}

/** Whether a path of a checkout is no part of what runs. It may be large, and may hold the tree that is made. */
function isLeftOut(path: string, without: ReadonlySet<string>): boolean {
  return without.has(path) || path.endsWith(`${sep}.git`) || path.endsWith(CACHE);
}

const CACHE = join(sep, 'results', '.cache');

/** A hard link for each file, a copy where the file system has none; packages behind links. */
export async function linkTree(
  from: string,
  to: string,
  without: ReadonlySet<string>,
): Promise<void> {
  const trees: Trees = { from: await realpath(from), to };
  const walk = async (below: string): Promise<void> => {
    const [source, target] = [join(from, below), join(to, below)];
    await mkdir(target);
    for (const entry of await readdir(source, { withFileTypes: true })) {
      const [one, other] = [join(source, entry.name), join(target, entry.name)];
      if (isLeftOut(one, without)) continue;
      if (entry.name === MODULES) await linkModules(trees, one, other);
      else if (entry.isDirectory()) await walk(join(below, entry.name));
      else if (entry.isSymbolicLink()) await cp(one, other, { verbatimSymlinks: true });
      else if (entry.isFile()) await link(one, other).catch(() => cp(one, other));
    }
  };
  await walk('');
}

/** The packages of a tree for another one of the same lockfile: all its `node_modules`, wherever they lie. */
export async function linkPackages(from: string, to: string): Promise<void> {
  const trees: Trees = { from: await realpath(from), to };
  const walk = async (below: string): Promise<void> => {
    for (const entry of await readdir(join(from, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      const source = join(from, path);
      if (isLeftOut(source, new Set())) continue;
      if (entry.name === MODULES) {
        const target = join(to, path);
        if (!existsSync(target)) await linkModules(trees, source, target);
      } else if (entry.isDirectory() && existsSync(join(to, path))) await walk(path);
    }
  };
  await walk('');
}

/** One link for all, unless some are folders of the tree, as in a workspace: those are each tree's own. */
async function linkModules(trees: Trees, source: string, target: string): Promise<void> {
  const packages = await readPackages(source);
  const own = new Set(packages.filter(({ at }) => isOwn(trees.from, at)));
  if (own.size === 0) return symlink(await realpath(source), target, 'junction');
  for (const each of packages) {
    const { name, at } = each;
    const place = join(target, name);
    await mkdir(dirname(place), { recursive: true });
    const aim = own.has(each)
      ? relative(dirname(place), join(trees.to, relative(trees.from, at)))
      : at;
    await symlink(aim, place, 'junction');
  }
}

interface Package {
  /** Such as `piscina` or `@acme/words`. */
  readonly name: string;
  readonly at: string;
}

async function readPackages(folder: string, scope = ''): Promise<Package[]> {
  const found: Package[] = [];
  for (const entry of await readdir(join(folder, scope))) {
    const name = join(scope, entry);
    if (scope === '' && entry.startsWith('@')) found.push(...(await readPackages(folder, entry)));
    // What leads nowhere is no package.
    else if (existsSync(join(folder, name))) {
      found.push({ name, at: await realpath(join(folder, name)) });
    }
  }
  return found;
}

function isOwn(top: string, at: string): boolean {
  return at.startsWith(top + sep) && !relative(top, at).split(sep).includes(MODULES);
}
