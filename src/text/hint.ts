import { closest, distance } from 'fastest-levenshtein';

/** `: did you mean 'json'? (there are …)`, or only the list of names when none is near. */
export function hint(name: string, names: readonly string[]): string {
  const there = `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`;
  if (names.length === 0) return '';
  const near = closest(name, names);
  const close = distance(name, near) <= Math.max(2, near.length / 2);
  return close ? `: did you mean '${near}'? (${there})` : `: ${there}`;
}
