/** The walls of `src`: which folder may import which, and what runs in the measured process. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** A folder imports only those before it. */
const ORDER = [
  'text',
  'benches',
  'loop',
  'stats',
  'system',
  'policies',
  'conformance',
  'workload',
  'workloads',
  'protocol',
  'documents',
  'config',
  'runtimes',
  'catalogue',
  'contestant',
  'fixture',
  'harness',
  'analysis',
  'report',
  'studies',
  'cli',
];

/** What parent and contestant may both load. */
const SHARED = ['protocol', 'stats', 'system', 'text'];

interface Import {
  readonly from: string;
  readonly to: string;
  /** Types alone: nothing is loaded. */
  readonly types: boolean;
  /** By `import()`: loaded when it is needed. */
  readonly later: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.c?ts$/.test(name),
);

const STATEMENT =
  /^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm;

const imports: readonly Import[] = files.flatMap((from) =>
  [...readFileSync(join(src, from), 'utf8').matchAll(STATEMENT)].map(
    ([, type, statement, call]) => ({
      from,
      to: normalize(join(dirname(from), (statement ?? call) as string)).replace(/js$/, 'ts'),
      types: type !== undefined,
      later: call !== undefined,
    }),
  ),
);

function folderOf(file: string): string {
  return file.includes('/') ? (file.split('/')[0] as string) : '';
}

/** Files that a process loads which starts at `entries`. */
function closureOf(entries: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const left = [...entries];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { from, to, types } of imports) if (from === file && !types) left.push(to);
  }
  return seen;
}

function foldersOf(closure: ReadonlySet<string>): string[] {
  return [...new Set([...closure].map(folderOf))];
}

describe('the folders of src', () => {
  it('are all in the order', () => {
    expect([...new Set(files.map(folderOf))].filter((name) => name !== '').toSorted()).toEqual(
      ORDER.toSorted(),
    );
  });

  it('import only what comes before them, types included', () => {
    const rank = (file: string): number => ORDER.indexOf(folderOf(file));
    const back = imports.filter(
      ({ from, to }) =>
        folderOf(from) !== '' && folderOf(from) !== folderOf(to) && rank(to) >= rank(from),
    );
    expect(back.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
    expect(imports.length).toBeGreaterThan(500);
  });

  it('parent and contestant share only what both need', () => {
    const harness = files.filter((file) => folderOf(file) === 'harness');
    const parent = foldersOf(closureOf(harness));
    const contestant = foldersOf(closureOf(['contestant/main.ts']));
    expect(parent).toContain('harness');
    expect(contestant).toContain('contestant');
    const shared = parent.filter((folder) => contestant.includes(folder));
    expect(shared.filter((folder) => !SHARED.includes(folder))).toEqual([]);
  });
});
