import { closest, distance } from 'fastest-levenshtein';
import { LoopdynoError } from '../loop/errors.js';

/** The command line is wrong; the message is one line that says what to write instead. */
export class UsageError extends LoopdynoError {}

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

/** `: did you mean 'json'? (there are …)`, or only what there is when nothing is near. */
export function hint(name: string, names: readonly string[]): string {
  const there = `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
  if (names.length === 0) return '';
  const near = closest(name, names);
  const close = distance(name, near) <= Math.max(2, near.length / 2);
  return close ? `: did you mean '${near}'? (${there})` : `: ${there}`;
}
