/** What a variant runs on and in: its runtime, flags, environment, loop and folder, each found or with a reason. */
import { availableParallelism } from 'node:os';
import { CROSSINGS, type Crossing } from '../../catalogue/crossing.js';
import type { Found } from '../../config/program.js';
import { policyNames } from '../../policies/registry.js';
import { starterOf, titleOf } from '../../runtimes/command.js';
import { resolveRuntime, type Resolved, type Runtime } from '../../runtimes/runtime.js';
import { runtimeSpec, type NamedSpec } from '../../runtimes/spec.js';
import { hint } from '../../text/hint.js';
import { UsageError } from '../../text/usage.js';
import { envOf } from '../plan.js';
import { say } from '../terminal.js';
import type { Tree, Trees } from './trees.js';
import type { Variant, Variation } from './vary.js';

type Missing = Extract<Found, { ok: false }>;

export interface Side {
  readonly name: string;
  /** Null for this very Node. */
  readonly runtime: Resolved | null;
  readonly nodeFlags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly loop: LoopChoice;
  readonly tree: Tree;
}

export interface LoopChoice {
  /** A policy's name; `workers:2` for a pool of two. */
  readonly policy: string;
  readonly pool?: { readonly name: string; readonly size: number };
  readonly crossing: Crossing;
}

/** What can be said of a variant before anything is looked for. Throws a UsageError. */
export type Settings = Pick<Side, 'name' | 'nodeFlags' | 'env' | 'loop'> & {
  readonly runtime: NamedSpec | null;
};

export function settingsOf({ name, of }: Variant): Settings {
  const runtime = of.runtime === undefined ? null : runtimeSpec(of.runtime);
  return {
    name,
    runtime: runtime?.spec.by === 'current' ? null : runtime,
    nodeFlags: (of['node-flags'] ?? '').split(/\s+/).filter(Boolean),
    env: envOf((of.env ?? '').split(/\s+(?=[A-Za-z_]\w*=)/).filter(Boolean)),
    loop: loopOf(of),
  };
}

export async function sidesOf(
  settings: readonly Settings[],
  variations: readonly Variation[],
  trees: Trees,
  install: boolean,
): Promise<Side[]> {
  const runtimes = new Map<string, Resolved>();
  // One after the other: two installations share npm's own cache.
  for (const { runtime } of settings) {
    if (runtime === null || runtimes.has(runtime.text)) continue;
    runtimes.set(runtime.text, await resolveRuntime(runtime, { install, say }));
  }
  return settings.map((each, at) => ({
    ...each,
    runtime: each.runtime === null ? null : (runtimes.get(each.runtime.text) as Resolved),
    tree: trees.of(treeAt(variations, at)),
  }));
}

/**
 * Which of the values of `tree` the variant at `at` has. By its place, as the same tree may be there twice; the last key
 * changes first.
 */
function treeAt(variations: readonly Variation[], at: number): number {
  const index = variations.findIndex(({ key }) => key === 'tree');
  if (index < 0) return 0;
  const inner = variations.slice(index + 1).reduce((all, { values }) => all * values.length, 1);
  return Math.floor(at / inner) % (variations[index]?.values.length ?? 1);
}

function loopOf({ where, policy = 'microtask', crossing }: Variant['of']): LoopChoice {
  const how = crossingOf(crossing ?? 'clone');
  const place = where ?? (crossing === undefined ? undefined : `workers:${availableParallelism()}`);
  if (place === undefined) {
    if (policyNames.includes(policy)) return { policy, crossing: how };
    throw new UsageError(`unknown policy '${policy}'${hint(policy, policyNames)}`);
  }
  if (place === 'inline') {
    if (crossing === undefined) return { policy: 'microtask', crossing: how };
    throw new UsageError(
      'crossing is how inputs reach a thread, and inline has none: name pools alone, such as where=workers:2',
    );
  }
  const [, name, size] = /^(workers|processes):([1-9]\d*)$/.exec(place) ?? [];
  if (name !== undefined) {
    return { policy: place, pool: { name, size: Number(size) }, crossing: how };
  }
  throw new UsageError(`where takes inline, workers:2 or processes:2, but got '${place}'`);
}

function crossingOf(text: string): Crossing {
  const found = CROSSINGS.find((each) => each === text);
  if (found !== undefined) return found;
  throw new UsageError(`unknown crossing '${text}'${hint(text, CROSSINGS)}`);
}

/** What starts a program of a side on its runtime; the reason where it cannot be started. */
export function startOf({
  runtime,
  nodeFlags,
  tree,
}: Side): Missing | { ok: true; start: string[] } {
  if (!tree.ok) return tree;
  if (runtime === null) return { ok: true, start: [process.execPath, ...nodeFlags] };
  if (!runtime.ok) return runtime;
  const foreign = foreignFlags(runtime.runtime, nodeFlags);
  return foreign ?? { ok: true, start: [...starterOf(runtime.runtime), ...nodeFlags] };
}

function foreignFlags(runtime: Runtime, nodeFlags: readonly string[]): Missing | null {
  if (runtime.kind === 'node' || nodeFlags.length === 0) return null;
  const reason = `${nodeFlags.join(' ')} are flags of Node, and this is ${titleOf(runtime)}`;
  return { ok: false, reason, remedy: 'vary env or tree with it' };
}
