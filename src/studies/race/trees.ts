/**
 * The folders in which the variants lie: this one, or one for each tree, checked out and built as the gate does it. Two
 * trees are linked into folders whose paths are of equal length (see `gate/arena.ts`). They do not change places there, as
 * the gate's do: a program may have been told where its files are.
 */
import { join } from 'node:path';
import { commitOf } from '../../system/git.js';
import { UsageError } from '../../text/usage.js';
import { Arena, type Side } from '../gate/arena.js';
import { BaseError } from '../gate/base.js';
import { buildBase } from '../gate/base-build.js';
import { checkoutOf, type Checkout } from '../gate/checkout.js';

/** A folder to run in, or why there is none. */
export type Tree =
  | { readonly ok: true; readonly folder: string }
  | { readonly ok: false; readonly reason: string; readonly remedy: string };

export interface Trees {
  /** `value` is one of `tree=…`, by its place among them; undefined where no tree is varied. */
  readonly of: (at: number | undefined) => Tree;
  readonly arena: Arena | null;
}

export interface TreesOptions {
  /** Where builds are kept. */
  readonly cache: string;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Builds of other commits that are kept: no more can be raced. */
const MOST = 3;
/** This working tree. */
const HERE = '.';

export async function openTrees(
  folder: string,
  values: readonly string[],
  options: TreesOptions,
): Promise<Trees> {
  if (values.length === 0) return { of: () => ({ ok: true, folder }), arena: null };
  if (new Set(values.filter((value) => value !== HERE)).size > MOST) {
    throw new UsageError(`a race takes ${MOST} trees beside this one: name fewer`);
  }
  const head = await checkoutOf(folder);
  const checkouts: (Checkout | Extract<Tree, { ok: false }>)[] = [];
  for (const value of values) checkouts.push(await treeOf(value, head, options));
  const [base, other, ...more] = checkouts;
  const isPair = base !== undefined && other !== undefined && more.length === 0;
  if (!isPair || 'ok' in base || 'ok' in other) {
    const trees = checkouts.map((each) => ('ok' in each ? each : treeIn(each.folder)));
    return { of: (at = 0) => trees[at] as Tree, arena: null };
  }
  const { cache, seed } = options;
  const arena = await Arena.of(cache, { base, head: other }, seed);
  const sides: readonly Side[] = ['base', 'head'];
  return {
    of: (at = 0) => treeIn(join(arena.folders[sides[at] as Side], head.prefix)),
    arena,
  };
}

function treeIn(folder: string): Tree {
  return { ok: true, folder };
}

async function treeOf(
  value: string,
  head: Checkout,
  { cache, signal, say }: TreesOptions,
): Promise<Checkout | Extract<Tree, { ok: false }>> {
  if (value === HERE) return head;
  const commit = await commitOf(head.folder, value);
  if (commit === null) {
    throw new UsageError(
      `git knows no commit '${value}' here: tree takes revisions, and . for this tree`,
    );
  }
  try {
    return await buildBase({ head, cache, commit, signal, say });
  } catch (error) {
    if (!(error instanceof BaseError) || signal.aborted) throw error;
    const [last = ''] = error.log.trim().split('\n').slice(-1);
    return {
      ok: false,
      reason: error.message + (last === '' ? '' : ` (it printed last: ${last.slice(0, 200)})`),
      remedy: 'race another tree',
    };
  }
}
