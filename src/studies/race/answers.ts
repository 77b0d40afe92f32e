/** What the variants answered, each in a file of its own, and in what two of them differ. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '../../catalogue/function-file.js';
import { cleanText } from '../../text/clean.js';

export function answersFile(scratch: string, side: number): string {
  return join(scratch, `answers-${side}.json`);
}

/** The first difference; null where there is none, or where one of them did not answer. */
export function differenceIn(scratch: string, one: number, other: number): string | null {
  const [ours, theirs] = [one, other].map((side) => answersIn(answersFile(scratch, side)));
  const at = theirs?.findIndex(({ digest }, index) => digest !== ours?.[index]?.digest) ?? -1;
  const [own, their] = [ours?.[at], theirs?.[at]];
  if (own === undefined || their === undefined) return null;
  const [a, b] = partsThatDiffer(own.said, their.said);
  return `${their.of}: ${b}, not ${a}`;
}

function answersIn(file: string): Answer[] | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Answer[];
  } catch {
    return null;
  }
}

const AROUND = 20;
const LONGEST = 60;

/** Both from shortly before the place where they part. */
function partsThatDiffer(a: string, b: string): [string, string] {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const from = Math.max(0, at - AROUND);
  const part = (text: string): string =>
    `${from > 0 ? '…' : ''}${cleanText(text.slice(from, from + LONGEST))}${text.length > from + LONGEST ? '…' : ''}`;
  return [part(a) || 'nothing', part(b) || 'nothing'];
}
