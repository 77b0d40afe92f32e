/** Where two texts part, as a message says it: from shortly before that place. */
export interface Difference {
  readonly one: string;
  readonly other: string;
}

const AROUND = 20;
const LONGEST = 60;

/** Of the first line in which they differ. */
export function differenceOf(one: string, other: string): Difference {
  const [lines, others] = [one.split('\n'), other.split('\n')];
  const at = lines.findIndex((line, index) => line !== others[index]);
  const [a, b] = [lines[at] ?? '', others[at < 0 ? lines.length : at] ?? ''];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  // A long line keeps its name: `body: …`.
  const [name = ''] = /^[\w-]{1,40}: /.exec(a.slice(0, same)) ?? [];
  const from = Math.max(name.length, same - AROUND);
  const part = (line: string): string => {
    if (line === '') return 'nothing';
    const begin = from > name.length ? '…' : '';
    const end = line.length > from + LONGEST ? '…' : '';
    return `${name}${begin}${line.slice(from, from + LONGEST)}${end}`;
  };
  return { one: part(a), other: part(b) };
}
