import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Results } from '#dist/src/documents/results.js';
import { loopdyno } from './command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-subject-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a file that exports workloads', () => {
  const source = (names: readonly string[]): string =>
    [
      `import { defineWorkload, portable } from 'loopdyno';`,
      `export const add = portable(import.meta.url, 'add', function* (loop, n: number) { return String(n + 1); });`,
      ...names.map(
        (name) =>
          `export const ${name} = defineWorkload({ name: '${name}', job: add, inputs: [1, 2, 3] });`,
      ),
    ].join('\n');
  const SHORT = ['--policy', 'microtask,queue', '--rounds', '1', '--json'];

  async function project(...names: string[]): Promise<void> {
    await mkdir(join(folder, 'node_modules'), { recursive: true });
    const own = fileURLToPath(new URL('../..', import.meta.url));
    await symlink(own, join(folder, 'node_modules', 'loopdyno'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'mine.ts'), source(names));
  }

  const measured = (stdout: string): string[] =>
    (JSON.parse(stdout) as Results).cells.map(
      ({ workload, contestant }) => `${workload} · ${contestant.policy}`,
    );

  it('is measured by run, with all that it exports', async () => {
    await project('one', 'two');
    const { code, stdout, stderr } = await loopdyno(['run', './mine.ts', ...SHORT], folder);
    expect(code, stderr).toBe(0);
    expect(measured(stdout)).toEqual([
      'one · microtask',
      'one · queue',
      'two · microtask',
      'two · queue',
    ]);
  });

  it('needs no command, and one of several can be named', async () => {
    await project('one', 'two');
    const { code, stdout, stderr } = await loopdyno(['./mine.ts#two', ...SHORT], folder);
    expect(code, stderr).toBe(0);
    expect(measured(stdout)).toEqual(['two · microtask', 'two · queue']);
  });

  it('is refused in a line where it cannot be meant', async () => {
    await project('one', 'two');
    for (const [args, message] of [
      [['run', './none.ts'], /there is no file '\.\/none\.ts'/],
      [['run', './mine.ts#three'], /unknown workload 'three'.*there are one, two/],
      [['run', './mine.ts', '--workload', 'json'], /both say what to measure: give one/],
      [['run', 'jsn'], /unknown workload 'jsn': did you mean 'json'/],
      [['profile', './mine.ts', '--policy', 'queue'], /exports several workloads: name one/],
    ] as const) {
      const { code, stderr } = await loopdyno([...args], folder);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
  });
});
