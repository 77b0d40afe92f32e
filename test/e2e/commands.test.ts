/** The commands beside run, by the real command line. */
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseResults } from '#dist/src/documents/parse-results.js';
import { serializeResults } from '#dist/src/documents/serialize-results.js';
import { goldenResults, goldenText } from '../golden/golden.js';
import { loopdyno, start, type Finished } from './command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-e2e-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('list', () => {
  it('names the same policies and workloads in words and with --json', async () => {
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

  it('keeps JSON to itself, whatever the configuration prints', async () => {
    await writeFile(
      join(folder, 'loopdyno.config.mjs'),
      `console.log('hello');
       export default { policies: [{ name: 'shaky', open() {}, probe() { throw new Error('boom'); } }] };`,
    );
    const { stdout, stderr, code } = await loopdyno(['list', '--json'], folder);
    expect(code).toBe(0);
    expect(stderr).toBe('hello\n');
    const { policies } = JSON.parse(stdout) as { policies: { name: string; reason?: string }[] };
    expect(policies.find(({ name }) => name === 'shaky')?.reason).toBe(
      'its probe() threw Error: boom',
    );
    expect((await loopdyno(['list'], folder)).stdout).toMatch(/shaky .* unavailable .*boom/);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const { child, finished } = start(['list'], folder);
    child.stdout.destroy();
    const { code, stderr } = await finished;
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('a configuration that fails', () => {
  const failing: [string, Record<string, string>, RegExp][] = [
    [
      'in what it imports, at the place in the TypeScript',
      {
        'loopdyno.config.ts': 'import { f } from "./f.js";\nexport default { seed: f(null) };',
        'f.ts': 'interface A {\n  n: number;\n}\nexport const f = (a: any) => a.n as A["n"];',
      },
      /config\.ts: it cannot be loaded: .*reading 'n'\) \(.*\/f\.ts:4:32\)$/,
    ],
    [
      'to be TypeScript',
      { 'loopdyno.config.ts': 'let x: =;' },
      /line 1, column 8: Unexpected "="$/,
    ],
    ['by an unknown key', { 'loopdyno.config.mjs': 'export default { budgte: 1 }' }, /'budget'\?/],
  ];
  it.each(failing)('%s: one line, status 2', async (_what, files, message) => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    for (const command of ['run', 'list', 'doctor']) {
      const { code, stdout, stderr } = await loopdyno([command], folder);
      expect(stderr.trim()).toMatch(message);
      expect(stderr).toMatch(/^loopdyno: ConfigError: \/[^\n]*\n$/);
      expect([code, stdout]).toEqual([2, '']);
    }
  });
});

describe('doctor', () => {
  let inWords: Finished;
  let asJson: Finished;

  /** At the same time: how noisy they find the machine is not what is tested. */
  beforeAll(async () => {
    const empty = await mkdtemp(join(tmpdir(), 'loopdyno-e2e-'));
    const asked = [['doctor'], ['doctor', '--json']];
    const both = asked.map((args) => loopdyno(args, empty, { LOOPDYNO_NATIVE: '0' }));
    [inWords, asJson] = (await Promise.all(both)) as [Finished, Finished];
    await rm(empty, { recursive: true });
  }, 60_000);

  it('says in words what can be used, and how fit the machine is', () => {
    const { stdout, stderr, code } = inWords;
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Measuring the noise/);
    expect(stdout).toMatch(/^Policies\n {2}microtask: available\n/);
    expect(stdout).toMatch(/uv: unavailable\. .*\n {6}fix: unset LOOPDYNO_NATIVE\n/);
    expect(stdout).toMatch(
      /^What measuring adds to a process: [\d.]+ [KM]iB of heap, \d+ modules, .*no environment variable$/m,
    );
    expect(stdout).toMatch(/^This machine is (fit|noisy|not fit)/m);
  });

  it('says as JSON what can be used, and how noisy the machine is', () => {
    const { stdout, code } = asJson;
    expect(code).toBe(0);
    const { policies, noise, weight, machine, places, fit, verdict } = JSON.parse(stdout) as {
      policies: { name: string; ok: boolean; remedy?: string }[];
      noise: { spread: number; stalls: number; timerLate: { p50: number; p99: number } };
      weight: Record<'bare' | 'contestant' | 'adds', { modules: number }>;
      machine: { cores: number };
      places: { contestants: number; fixtures: number } | null;
      fit: string;
      verdict: string;
    };
    expect(policies.find(({ name }) => name === 'queue')?.ok).toBe(true);
    expect(policies.find(({ name }) => name === 'uv')?.remedy).toBe('unset LOOPDYNO_NATIVE');
    expect(noise.spread).toBeGreaterThan(0);
    expect(noise.timerLate.p99).toBeGreaterThan(noise.timerLate.p50);
    expect(weight.adds.modules).toBe(weight.contestant.modules - weight.bare.modules);
    expect(machine.cores).toBeGreaterThanOrEqual(1);
    expect(places === null || places.contestants !== places.fixtures).toBe(true);
    expect(['yes', 'noisy', 'no']).toContain(fit);
    expect(verdict).toMatch(/^This machine is /);
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
        await mkdir(join(folder, 'node_modules'));
        await symlink(process.cwd(), join(folder, 'node_modules', 'loopdyno'));
      }
      const args = ['run', '--quick', '--rounds', '1', '--json', '--workload', 'word-count'];
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

describe('init, where it cannot write,', () => {
  it('leaves a configuration that is there alone, of whatever kind', async () => {
    await writeFile(join(folder, 'loopdyno.config.js'), 'export default {};');
    const { code, stderr } = await loopdyno(['init'], folder);
    expect(stderr).toMatch(/'loopdyno\.config\.js' is there already, and is left as it is/);
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual(['loopdyno.config.js']);
  });

  it('does not write through a link that leads nowhere', async () => {
    await symlink(join(folder, 'gone'), join(folder, 'word-count.workload.ts'));
    const { code, stderr } = await loopdyno(['init'], folder);
    expect(stderr).toMatch(/'word-count\.workload\.ts' is there already/);
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual(['word-count.workload.ts']);
  });

  it('says so where it cannot write', async () => {
    const { code, stderr } = await loopdyno(['init'], '/proc');
    expect(stderr).toMatch(/^loopdyno: cannot write 'loopdyno\.config\.ts' here \(.*\n$/);
    expect(code).toBe(2);
  });
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

  it('has the same cells as JSON and as Markdown', async () => {
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
