import { hint } from './hint.js';
import { LoopdynoError } from './errors.js';

/** The command line is wrong; the message is one line that says what to write instead. */
export class UsageError extends LoopdynoError {}

/** Those with these names, each once, in the order asked for; all without names. */
export function chosen<T extends { name: string }>(
  all: readonly T[],
  what: string,
  names: readonly string[] | undefined,
): readonly T[] {
  if (names === undefined) return all;
  return [...new Set(names)].map((name) => named(all, what, name));
}

/** The one with this name, or a UsageError that names the nearest. */
export function named<T extends { name: string }>(
  all: readonly T[],
  what: string,
  name: string,
): T {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = all.map((one) => one.name);
  throw new UsageError(`unknown ${what} '${name}'${hint(name, names)}`);
}
