import { hint } from './hint.js';
import { LoopdynoError } from './errors.js';

/** The command line is wrong; the message is one line that says what to write instead. */
export class UsageError extends LoopdynoError {}

/** The items with the given names, each once, in the order asked for. Without names, all items. */
export function chosen<T extends { name: string }>(
  all: readonly T[],
  what: string,
  names: readonly string[] | undefined,
): readonly T[] {
  if (names === undefined) return all;
  return [...new Set(names)].map((name) => named(all, what, name));
}

/** The item with this name. Throws a UsageError that suggests the nearest name if there is none. */
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
