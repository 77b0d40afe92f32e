/** `loopdyno run --watch`: a run for each state of the files. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { descendants, isAlive, loopdyno, start } from './command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-watch-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (file: string, text: string): Promise<void> => writeFile(join(folder, file), text);

const MINE = `
  import { defineWorkload, portable } from 'loopdyno';
  import { name } from './name.js';
  export const add = portable(import.meta.url, 'add', (_loop, n: number) => String(n + 1));
  export const mine = defineWorkload({ name, job: add, inputs: [1, 2] });
`;

describe('run --watch', () => {
  it('measures again when an imported file changes, also amid a run, and Ctrl-C ends all', async () => {
    await put('mine.ts', MINE);
    await put('name.ts', `export const name = 'first';`);
    const run = (rounds: string) => [
      './mine.ts',
      '--watch',
      '--policy',
      'queue',
      '--rounds',
      rounds,
    ];
    const { child, finished, said } = start(run('1'), folder);
    await said('first, round 1');
    await said('Watching mine.ts and 1 more');
    await put('name.ts', 'export const name = ;');
    await said('name.ts changed: measuring again.');
    await said('name.ts: line 1, column 21: Unexpected ";"');
    await put('name.ts', `export const name = 'second';`);
    await said('second, round 1');
    await put('name.ts', `export const name = 'third';`);
    await said('third, round 1');
    // The run and its contestant.
    const pids = await vi.waitUntil(
      () => {
        const found = descendants(child);
        return found.length > 1 && found;
      },
      { timeout: 20_000 },
    );
    child.kill('SIGINT');
    const { code, stdout } = await finished;
    expect(code).toBe(130);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(stdout).toMatch(/^first \(cpu\)$/m);
  }, 60_000);

  it('is refused where there is no file to watch', async () => {
    const none = await loopdyno(['run', 'json', '--watch'], folder);
    expect(none.stderr).toMatch(/^loopdyno: --watch has nothing to watch: name a file .*\n$/);
    const gone = await loopdyno(['run', './gone.ts', '--watch'], folder);
    expect(gone.stderr).toBe("loopdyno: there is no file './gone.ts'\n");
    expect([none.code, gone.code]).toEqual([2, 2]);
  });
});
