/** The commands beside run, by the real command line. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseResults } from '#dist/src/schema/parse-results.js';
import { serializeResults } from '#dist/src/schema/serialize-results.js';
import { goldenResults, goldenText } from '../golden/golden.js';
import { loopdyno } from './command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-e2e-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('list', () => {
  it('says the same with --json', async () => {
    const plain = await loopdyno(['list'], folder);
    const { stdout, code } = await loopdyno(['list', '--json'], folder, { LOOPDYNO_NATIVE: '0' });
    expect(code).toBe(0);
    const { policies, workloads } = JSON.parse(stdout) as {
      policies: { name: string; available: boolean; remedy?: string }[];
      workloads: { name: string }[];
    };
    for (const { name } of [...policies, ...workloads]) expect(plain.stdout).toContain(name);
    expect(policies.find(({ name }) => name === 'uv')).toMatchObject({
      available: false,
      remedy: 'unset LOOPDYNO_NATIVE',
    });
  });
});

describe('doctor', () => {
  it('says what can be used, and how noisy the machine is', { timeout: 60_000 }, async () => {
    const { stdout, code } = await loopdyno(['doctor', '--json'], folder, { LOOPDYNO_NATIVE: '0' });
    expect(code).toBe(0);
    const { policies, noise, machine, advice } = JSON.parse(stdout) as {
      policies: { name: string; ok: boolean; remedy?: string }[];
      noise: { spread: number; stalls: number; timerLate: { p50: number } };
      machine: { cores: number };
      advice: string[];
    };
    expect(policies.find(({ name }) => name === 'queue')?.ok).toBe(true);
    expect(policies.find(({ name }) => name === 'uv')?.remedy).toBe('unset LOOPDYNO_NATIVE');
    expect(noise.spread).toBeGreaterThan(0);
    expect(noise.timerLate.p50).toBeGreaterThan(-1);
    expect(machine.cores).toBeGreaterThanOrEqual(1);
    expect(advice.length).toBeGreaterThan(0);
  });
});

describe('init', () => {
  for (const [flags, config] of [
    [[], 'loopdyno.config.ts'],
    [['--js'], 'loopdyno.config.mjs'],
  ] as const) {
    it(`writes ${config}, which runs`, { timeout: 60_000 }, async () => {
      const { code, stdout } = await loopdyno(['init', ...flags], folder);
      expect(code).toBe(0);
      expect(stdout).toContain(config);
      if (flags.length > 0) {
        // A JavaScript configuration is imported as it is, so that loopdyno has to be installed.
        const { symlink, mkdir } = await import('node:fs/promises');
        await mkdir(join(folder, 'node_modules'));
        await symlink(process.cwd(), join(folder, 'node_modules', 'loopdyno'));
      }
      const args = ['--rounds', '1', '--json', '--workload', 'word-count'];
      const run = await loopdyno(args, folder);
      expect(run.code, run.stderr).toBe(0);
      const { cells } = parseResults(run.stdout, 'stdout');
      expect(cells.map(({ contestant }) => contestant.policy)).toContain('workers-1');
      for (const { status } of cells) expect(['ok', 'unavailable']).toContain(status);

      const again = await loopdyno(['init', ...flags], folder);
      expect(again.code).toBe(2);
      expect(again.stderr).toMatch(/is there already, and is left as it is/);
    });
  }
});

describe('report', () => {
  it('prints every reporter asked for', async () => {
    await writeFile(join(folder, 'a.json'), goldenText('results.json'));
    const { stdout } = await loopdyno(
      ['report', 'a.json', '--reporter', 'markdown,console'],
      folder,
    );
    expect(stdout).toMatch(/^# loopdyno report/);
    expect(stdout).toContain(goldenText('console-120.txt'));
  });

  it('refuses a damaged file by name and place', async () => {
    const text = goldenText('results.json');
    await writeFile(join(folder, 'half.json'), text.slice(0, text.length / 2));
    const half = await loopdyno(['report', 'half.json'], folder);
    expect(half.stderr).toMatch(/half\.json: line \d+, column \d+: the file is truncated/);
    expect(half.code).toBe(2);
    await writeFile(join(folder, 'other.json'), '{"hello": 1}');
    const other = await loopdyno(['report', 'other.json'], folder);
    expect(other.stderr).toMatch(/other\.json: not a loopdyno results file/);
    expect(other.code).toBe(2);
  });
});

describe('compare', () => {
  it('refuses runs of different machines unless told', async () => {
    const other = goldenResults();
    other.fingerprint.node = '24.0.0';
    other.fingerprint.cpu = 'Another CPU';
    await writeFile(join(folder, 'a.json'), goldenText('results.json'));
    await writeFile(join(folder, 'b.json'), serializeResults(other));
    const refused = await loopdyno(['compare', 'a.json', 'b.json'], folder);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/node \(20\.20\.2 \/ 24\.0\.0\), cpu .*--ignore-fingerprint/);
    const told = await loopdyno(['compare', 'a.json', 'b.json', '--ignore-fingerprint'], folder);
    expect(told.code).toBe(0);
    expect(told.stdout).toContain('Not the same machine or runtime');
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('says the same as JSON and as Markdown', async () => {
    await writeFile(join(folder, 'a.json'), goldenText('results.json'));
    const { stdout } = await loopdyno(['compare', 'a.json', 'a.json', '--json'], folder);
    const { cells } = JSON.parse(stdout) as { cells: { policy: string; problem: string | null }[] };
    const markdown = await loopdyno(
      ['compare', 'a.json', 'a.json', '--reporter', 'markdown'],
      folder,
    );
    expect(markdown.stdout.match(/^\| /gm)).toHaveLength(cells.length + 2);
    expect(markdown.stdout).toContain('not comparable: unavailable');
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe(goldenText('results.json'));
  });
});
