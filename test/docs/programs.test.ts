/**
 * The programs of the documentation: every `ts` block of these pages is compiled, by one tsc for all, and run. Where a
 * `text` block follows one, it is what the program prints.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PAGES = ['README.md', 'docs/cli.md', 'docs/loops.md', 'docs/writing-benchmarks.md'];

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'loopdyno-docs-'));

interface Program {
  /** Such as `docs/loops.md:12`: the line of its first line. */
  readonly place: string;
  readonly file: string;
  readonly text: string;
  /** What it prints; null where the page does not say. */
  readonly prints: string | null;
}

const BLOCK = /^```ts\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms;

function programsOf(page: string): Program[] {
  const source = readFileSync(join(root, page), 'utf8');
  return [...source.matchAll(BLOCK)].map(({ index, 1: text = '', 2: prints = null }) => {
    const line = source.slice(0, index).split('\n').length + 1;
    const file = `${page.replaceAll(/\W/g, '-')}-${line}`;
    return { place: `${page}:${line}`, file, text, prints };
  });
}

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function node(...args: string[]): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
}

const programs = PAGES.flatMap(programsOf);

beforeAll(async () => {
  mkdirSync(join(folder, 'node_modules'));
  // As it is installed in a project.
  symlinkSync(root, join(folder, 'node_modules/loopdyno'));
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { rootDir: '.', outDir: '.', declaration: false, incremental: false },
    include: [],
    files: programs.map(({ file }) => `${file}.ts`),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  for (const { file, text } of programs) writeFileSync(join(folder, `${file}.ts`), text);
  const compiled = await node(join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json');
  expect(compiled, 'tsc').toEqual({ code: 0, stdout: '', stderr: '' });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe('the programs of the documentation', () => {
  it('are found', () => {
    for (const page of PAGES) {
      expect(programs.filter(({ place }) => place.startsWith(page)).length, page).toBeGreaterThan(
        0,
      );
    }
  });

  it.each(programs)('$place does what the page says', async ({ file, prints }) => {
    const { code, stdout, stderr } = await node(`${file}.js`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    if (prints !== null) expect(stdout).toBe(prints);
  });
});
