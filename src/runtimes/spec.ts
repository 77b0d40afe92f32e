/**
 * What names a runtime, on the command line and in the configuration:
 *
 *   node@22   node@22.23   node@lts/jod   node@current   bun   bun@1.4   deno   ./path/to/node
 *
 * A version is one, or the beginning of one: the newest that begins so is meant.
 */
import { hint } from '../text/hint.js';
import { UsageError } from '../text/usage.js';

export const RUNTIME_KINDS = ['node', 'bun', 'deno'] as const;
export type RuntimeKind = (typeof RUNTIME_KINDS)[number];

export type RuntimeSpec =
  | { readonly by: 'version'; readonly kind: RuntimeKind; readonly version: string }
  | { readonly by: 'path'; readonly path: string }
  | { readonly by: 'current' };

/** As given, and what it means. */
export interface NamedSpec {
  readonly text: string;
  readonly spec: RuntimeSpec;
}

/** The newest there is. */
const ANY = '';
const VERSION = /^v?(\d+(?:\.\d+){0,2})$/;
const LTS = /^lts\/(?:\*|[a-z]+)$/;

export function runtimeSpec(text: string): NamedSpec {
  const given = text.trim();
  if (given === 'current' || given === 'node@current') return { text, spec: { by: 'current' } };
  if (/[/\\]/.test(given) && !given.includes('lts/')) {
    return { text, spec: { by: 'path', path: given } };
  }
  const [name = '', version] = given.split('@', 2);
  const kind = RUNTIME_KINDS.find((each) => each === name);
  if (kind === undefined) {
    throw new UsageError(
      `unknown runtime '${text}'${hint(name, RUNTIME_KINDS)}; node@22, bun, deno or a path are runtimes`,
    );
  }
  if (version === undefined) return { text, spec: { by: 'version', kind, version: ANY } };
  const [, number] = VERSION.exec(version) ?? [];
  if (number === undefined && !(kind === 'node' && LTS.test(version))) {
    throw new UsageError(
      `'${text}' names no version: give a number such as ${kind}@22 or ${kind}@22.4.1` +
        (kind === 'node' ? ', or lts/jod where nvm is installed' : ''),
    );
  }
  return { text, spec: { by: 'version', kind, version: number ?? version } };
}

/** `--node 22,lts/jod,./path`: versions of Node. */
export function nodeSpec(text: string): NamedSpec {
  const given = text.trim();
  const isPath = /[/\\]/.test(given) && !given.startsWith('lts/');
  return runtimeSpec(
    isPath || given === 'current' || given.startsWith('node@') ? given : `node@${given}`,
  );
}

/** Whether a version is the one that is wanted, or begins like it. */
export function matches(version: string, wanted: string): boolean {
  return wanted === ANY || version === wanted || version.startsWith(`${wanted}.`);
}

/** Newest first. */
export function byVersion(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [
    number[],
    number[],
  ];
  for (let at = 0; at < 3; at++) {
    const difference = (right[at] ?? 0) - (left[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
