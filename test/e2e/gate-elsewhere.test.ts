import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GateSchema } from '#dist/src/documents/gate.js';
import { commit, init, put, temporary } from '../studies/gate/repository.js';
import { loopdyno } from './command.js';

const own = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
let top: string;
let bench: string;

const config = (name: string, imported: string): string => `
import { defineConfig, defineWorkload, portable } from 'loopdyno';
import { work } from '${imported}';
export const sum = portable(import.meta.url, 'sum', (_loop, n: number) => work(n));
export default defineConfig({ workloads: [defineWorkload({ name: '${name}', job: sum, inputs: [1, 2] })] });
`;
const WORK =
  'export const work = (n) => { let s = 0; for (let i = 0; i < 20000; i++) s += i % (n + 1); return s; };\n';

/** A package in a folder of a monorepo, which imports from the folder of another, and has its packages at the top. */
beforeEach(async () => {
  folder = await temporary();
  top = await init(folder);
  bench = join(top, 'packages', 'bench');
  await put(top, '.gitignore', 'node_modules\nresults\n');
  await put(top, 'package.json', '{"name":"top","private":true,"type":"module"}');
  await put(top, 'package-lock.json', '{"name":"top","lockfileVersion":3,"packages":{}}');
  await put(top, 'packages/words/work.js', WORK);
  await put(top, 'packages/bench/loopdyno.config.ts', config('sums', '../words/work.js'));
  await mkdir(join(top, 'node_modules'));
  await symlink(own, join(top, 'node_modules', 'loopdyno'));
  await commit(top, 'packages/bench/package.json', '{"name":"bench","type":"module"}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const gate = (...more: string[]) =>
  loopdyno(['gate', '--policy', 'queue', '--budget', '3s', '--json', ...more], bench);

describe('loopdyno gate, in a folder of a repository', () => {
  it('compares with the same folder of the base', async () => {
    await commit(top, 'packages/words/work.js', `${WORK}// changed\n`);
    const { stdout, stderr } = await gate('--touched');
    expect(stderr).toContain('everything, or may do (packages/words/work.js)');
    const { cells, oneSided } = GateSchema.parse(JSON.parse(stdout));
    expect(cells.map(({ cell }) => cell)).toEqual(['queue · sums']);
    expect(cells[0]?.pairs.length).toBeGreaterThan(0);
    expect(oneSided).toEqual([]);
  }, 60_000);

  it('measures nothing where the base has no such workload, and says so', async () => {
    await commit(top, 'packages/bench/loopdyno.config.ts', config('more', '../words/work.js'));
    const { code, stdout } = await gate();
    expect(code).toBe(3);
    expect(GateSchema.parse(JSON.parse(stdout)).oneSided).toEqual([
      { what: 'workload sums', in: 'base' },
      { what: 'workload more', in: 'head' },
    ]);
  }, 60_000);

  it.each([
    [
      'lacks',
      'new.config.ts',
      /BaseError: the base has no configuration 'new\.config\.ts'.*--base/,
    ],
    [
      'has broken',
      'broken.config.ts',
      /BaseError: the base has a configuration that does not work/,
    ],
  ])('is not measured with a configuration that the base %s', async (_how, file, message) => {
    await commit(top, 'packages/bench/broken.config.ts', 'export default 1;\n');
    await put(bench, file, config('sums', '../words/work.js'));
    await commit(top, 'later', '1');
    const { code, stderr } = await gate('--config', file);
    expect(stderr).toMatch(message);
    expect(code).toBe(3);
  });
});
