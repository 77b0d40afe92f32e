import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GateSchema } from '#dist/src/documents/gate.js';
import { SelfTestSchema } from '#dist/src/documents/self-test.js';
import { recordOf, recordedCell } from '../studies/gate/recorded.js';
import { descendants, isAlive, loopdyno, start } from './command.js';

const top = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-gate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** This build against itself: two cells and a control, into a folder of the test's own. */
const itself = (budget: string): string[] =>
  `gate --policy microtask,queue --workload primes --budget ${budget}`
    .split(' ')
    .concat('--base-dir', top, '--head-dir', top, '--results', folder);

describe('loopdyno gate', () => {
  it.each([
    [
      'share',
      ['--min-effect', 'much'],
      2,
      /'much' is invalid\. it takes a share of time such as 3%/,
    ],
    ['policy', ['--policy', 'quue'], 2, /unknown policy 'quue': did you mean 'queue'\?/],
    ['workload', ['--workload', 'prims'], 2, /unknown workload 'prims': did you mean 'primes'\?/],
    ['two bases', ['--base', 'HEAD'], 2, /cannot be used with/],
    ['flag', ['--touch'], 2, /unknown option '--touch': did you mean '--touched'\?/],
    ['base folder', ['--base-dir', 'nowhere'], 3, /BaseError: there is no folder '.*nowhere'/],
    ['base folder unbuilt', ['--base-dir', '.'], 3, /BaseError: '.*' has no loopdyno among its/],
  ])('is refused: %s', async (_what, flags, status, message) => {
    const { code, stdout, stderr } = await loopdyno([...itself('1s'), ...flags], folder);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([status, '']);
  });

  it('measures, judges, and leaves its three files, and a line in the ledger', async () => {
    const { code, stdout } = await loopdyno([...itself('5s'), '--json'], folder);
    const gate = GateSchema.parse(JSON.parse(stdout));
    expect((await readdir(join(folder, 'gate'))).toSorted()).toEqual([
      'gate.json',
      'gate.md',
      'junit.xml',
      'ledger.jsonl',
    ]);
    expect(JSON.parse(await readFile(join(folder, 'gate', 'gate.json'), 'utf8'))).toEqual(
      JSON.parse(stdout),
    );
    expect(gate.cells.map(({ cell }) => cell)).toEqual(['microtask · primes', 'queue · primes']);
    expect(gate.control?.pairs.length).toBeGreaterThan(0);
    for (const { pairs, verdict } of gate.cells) {
      expect(pairs.length).toBeGreaterThan(0);
      expect(['unresolved', 'not slower']).toContain(verdict);
    }
    expect(code).toBe(gate.status === 'passed' ? 0 : 3);
  }, 60_000);

  it('Ctrl-C: what was measured is saved as aborted, and no process is left', async () => {
    const { child, finished, said } = start(itself('60s'), folder);
    await said('primes, round 1');
    // Contestants begin right after that line.
    const pids = await vi.waitUntil(
      () => {
        const found = descendants(child);
        return found.length > 0 && found;
      },
      { timeout: 20_000 },
    );
    child.kill('SIGINT');
    const { code } = await finished;
    expect(code).toBe(130);
    expect(pids.filter(isAlive)).toEqual([]);
    const saved: unknown = JSON.parse(await readFile(join(folder, 'gate', 'gate.json'), 'utf8'));
    expect(GateSchema.parse(saved).status).toBe('aborted');
  });

  it('tests itself: pairs of the same code and of slowed copies, and the rates they give', async () => {
    const asked = 'gate --self-test --pairs 2 --policy queue --workload primes --json';
    const { code, stdout } = await loopdyno(
      [...asked.split(' '), '--head-dir', top, '--results', folder],
      folder,
    );
    const test = SelfTestSchema.parse(JSON.parse(stdout));
    expect([code, test.status]).toEqual([0, 'complete']);
    const [cell] = test.cells;
    expect(cell).toMatchObject({ cell: 'queue · primes', failed: null });
    expect(cell?.pairs).toHaveLength(2);
    expect(cell?.slowed.map(({ pairs }) => pairs.length)).toEqual([2, 2, 2]);
    expect(test.rates?.cells).toHaveLength(1);
    expect((await readdir(join(folder, 'gate'))).toSorted()).toEqual([
      'self-test.json',
      'self-test.md',
    ]);
  }, 120_000);

  it('tells the rates of recorded pairs again, and refuses what is no record', async () => {
    // No pair is slower by a half, not even with a tenth added: the cell cannot be called so.
    // 30 pairs of it: the time grows with the square of what is open.
    const steady = recordedCell('steady', 0.05);
    const record = recordOf([{ ...steady, pairs: steady.pairs.slice(0, 30) }]);
    const pairs = record.cells.flatMap((cell) => [cell, ...cell.slowed].flatMap((of) => of.pairs));
    expect(Math.max(...pairs)).toBeLessThan(Math.log(1.5 / 1.1));
    const file = join(folder, 'record.json');
    await writeFile(file, JSON.stringify(record));
    const asked = ['gate', '--self-test', '--results', folder, '--json', '--from'];
    const { code, stdout } = await loopdyno([...asked, file, '--min-effect', '50%'], folder);
    const test = SelfTestSchema.parse(JSON.parse(stdout));
    expect(code).toBe(0);
    expect(test.design['minEffect']).toBe(0.5);
    expect(test.rates?.falseAlarms.events).toBe(0);
    expect(test.rates?.cells.flatMap(({ power }) => power).every(({ rate }) => rate === 0)).toBe(
      true,
    );
    const { code: refused, stderr } = await loopdyno([...asked, 'package.json'], top);
    expect([refused, stderr]).toEqual([2, expect.stringMatching(/'package\.json' as a self-test/)]);
  }, 120_000);

  it('takes --pairs for its self-test only', async () => {
    const { code, stderr } = await loopdyno([...itself('1s'), '--pairs', '3'], folder);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/--pairs is of --self-test/)]);
  });
});
