/** What the variants answered, each in a file of its own, and in what two of them differ. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '../../catalogue/function-file.js';
import { cleanText } from '../../text/clean.js';
import { differenceOf } from '../../text/difference.js';

export function answersFile(scratch: string, side: number): string {
  return join(scratch, `answers-${side}.json`);
}

/** The first difference; null where there is none, or where one of them did not answer. */
export function differenceIn(scratch: string, one: number, other: number): string | null {
  const [ours, theirs] = [one, other].map((side) => answersIn(answersFile(scratch, side)));
  const at = theirs?.findIndex(({ digest }, index) => digest !== ours?.[index]?.digest) ?? -1;
  const [own, their] = [ours?.[at], theirs?.[at]];
  if (own === undefined || their === undefined) return null;
  const { one: a, other: b } = differenceOf(own.said, their.said);
  return `${their.of}: ${cleanText(b)}, not ${cleanText(a)}`;
}

function answersIn(file: string): Answer[] | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Answer[];
  } catch {
    return null;
  }
}
