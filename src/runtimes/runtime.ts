/** A runtime that a contestant can be started on, by what names it. */
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InstallError, install } from './cache.js';
import { identify, type Identity, type Unusable } from './identify.js';
import { aliasOf, candidates } from './places.js';
import { byVersion, matches, type NamedSpec, type RuntimeKind } from './spec.js';

export interface Runtime extends Identity {
  /** Short, for the names of contestants: `node22`, `bun`. */
  readonly label: string;
  readonly path: string;
}

/** Found, or a row of the report that says why not. */
export type Resolved =
  { readonly ok: true; readonly runtime: Runtime } | (Unusable & { readonly label: string });

export interface ResolveOptions {
  /** What is not on the machine is fetched from the registry. Default false. */
  readonly install?: boolean;
  readonly say?: (line: string) => void;
}

export async function resolveRuntime(
  { text, spec }: NamedSpec,
  { install: fetches = false, say = () => {} }: ResolveOptions = {},
): Promise<Resolved> {
  if (spec.by === 'current') {
    const version = process.version.slice(1);
    return {
      ok: true,
      runtime: { kind: 'node', version, path: process.execPath, label: 'current' },
    };
  }
  if (spec.by === 'path') {
    const path = resolve(spec.path);
    const found = await identify(path);
    if (!found.ok) return { ...found, label: text };
    return {
      ok: true,
      runtime: { ...found.of, path, label: `${found.of.kind}${found.of.version}` },
    };
  }
  const { kind } = spec;
  const label = `${kind}${spec.version.replace(/^lts\//, '-')}`;
  const wanted = spec.version.startsWith('lts/') ? await aliasOf(spec.version) : spec.version;
  if (wanted === null) {
    const reason = `nvm knows no ${spec.version} here`;
    return { ok: false, reason, remedy: 'name it by its number, such as node@22', label };
  }
  const there = await installed(kind);
  const [best] = there.filter(({ version }) => matches(version, wanted));
  if (best !== undefined) return { ok: true, runtime: { ...best, label } };
  const named = wanted === '' ? kind : `${kind} ${wanted}`;
  if (!fetches) {
    const others = there.map(({ version }) => version).slice(0, 5);
    const have = others.length === 0 ? '' : ` (there is ${others.join(', ')})`;
    return {
      ok: false,
      reason: `there is no ${named} on this machine${have}`,
      remedy: 'add --install to fetch it from the npm registry, or give a path',
      label,
    };
  }
  try {
    const path = await install(kind, wanted, say);
    const found = await identify(path);
    return found.ok ? { ok: true, runtime: { ...found.of, path, label } } : { ...found, label };
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    return {
      ok: false,
      reason: error.message,
      remedy: 'install it by hand and give its path',
      label,
    };
  }
}

/** Those of a kind that work, newest first, each version once. */
export async function installed(kind: RuntimeKind): Promise<(Identity & { path: string })[]> {
  const paths = new Set(
    await Promise.all((await candidates(kind)).map((path) => realpath(path).catch(() => ''))),
  );
  paths.delete('');
  const found = await Promise.all(
    [...paths].map(async (path) => ({ path, found: await identify(path) })),
  );
  const all = found.flatMap(({ path, found: each }) =>
    each.ok && each.of.kind === kind ? [{ ...each.of, path }] : [],
  );
  const versions = new Map(all.toReversed().map((each) => [each.version, each]));
  return [...versions.values()].toSorted((a, b) => byVersion(a.version, b.version));
}
