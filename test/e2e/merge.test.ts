/** `run --shard` and `merge`, by the real command line. */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseResults } from '#dist/src/documents/parse-results.js';
import { serializeResults } from '#dist/src/documents/serialize-results.js';
import type { Results } from '#dist/src/documents/results.js';
import { goldenResults } from '../golden/golden.js';
import { loopdyno } from './command.js';

let folder: string;
/** The shards of a plan of three cases, and the whole plan on two more hosts. */
const SHORT = [
  'run',
  '--rounds',
  '2',
  '--workload',
  'primes,json,timers',
  '--policy',
  'microtask,queue',
];

async function measure(file: string, more: readonly string[], env = {}): Promise<Results> {
  const args = [...SHORT, ...more, '--json', '--results', 'own'];
  const { code, stdout, stderr } = await loopdyno(args, folder, env);
  expect(code, stderr).toBe(0);
  await writeFile(join(folder, file), stdout);
  return parseResults(stdout, file);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-merge-'));
  await measure('shard-1.json', ['--shard', '1/2']);
  await measure('shard-2.json', ['--shard', 'auto/2'], { JOB_COMPLETION_INDEX: '1' });
  await measure('whole.json', []);
  await measure('other.json', []);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function merged(...args: string[]): Promise<Results> {
  const { code, stdout, stderr } = await loopdyno(['merge', ...args, '--json'], folder);
  expect(code, stderr).toBe(0);
  return parseResults(stdout, 'stdout');
}

describe('run --shard', () => {
  it('measures its share of the cases, each with all contestants', async () => {
    const [one, two] = (await Promise.all(
      ['shard-1.json', 'shard-2.json'].map(async (file) =>
        parseResults(await readFile(join(folder, file), 'utf8'), file),
      ),
    )) as [Results, Results];
    const titles = ({ cells }: Results): string[] =>
      cells.map(({ workload, contestant }) => `${workload} ${contestant.policy}`);
    expect(titles(one)).toEqual([
      'primes microtask',
      'primes queue',
      'timers microtask',
      'timers queue',
    ]);
    expect(titles(two)).toEqual(['json microtask', 'json queue']);
    expect([one.shard?.index, two.shard?.index, two.shard?.of]).toEqual([1, 2, 2]);
  });

  it('measures all cases where a scheduler has variables and nobody asks for them', async () => {
    const args = [...SHORT, '--dry-run', '--json'];
    const { stdout } = await loopdyno(args, folder, { JOB_COMPLETION_INDEX: '1' });
    expect((JSON.parse(stdout) as { cases: unknown[] }).cases).toHaveLength(3);
    const share = await loopdyno([...args, '--shard', '2/3'], folder);
    expect((JSON.parse(share.stdout) as { cases: { workload: string }[] }).cases).toMatchObject([
      { workload: 'json' },
    ]);
  });

  it.each([
    ['0/5', /^loopdyno: --shard 0\/5: shards are counted from 1\/5 to 5\/5\n$/],
    ['6/5', /^loopdyno: --shard 6\/5: shards are counted/],
    ['2/0', /^loopdyno: --shard 2\/0: there is at least one shard/],
    [
      'a/b',
      /^loopdyno: --shard takes a share of the cases such as 2\/5, or auto, but got 'a\/b'\n$/,
    ],
    ['1/4', /^loopdyno: of 4 shards some have no case: this plan has 3 cases/],
    ['auto', /^loopdyno: --shard auto found neither JOB_COMPLETION_INDEX nor/],
  ])('refuses %s in one line, with status 2, and leaves nothing', async (share, message) => {
    const before = await readdir(folder);
    const { code, stdout, stderr } = await loopdyno([...SHORT, '--shard', share], folder);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe('merge', () => {
  it('makes one whole run of shards, in every view', async () => {
    const whole = await merged('shard-2.json', 'shard-1.json');
    expect(whole.cells.map(({ workload }) => workload)).toEqual(
      ['primes', 'json', 'timers'].flatMap((name) => [name, name]),
    );
    for (const { status, throughput, rounds } of whole.cells) {
      expect([status, rounds.length]).toEqual(['ok', 2]);
      expect(throughput?.point).toBeGreaterThan(0);
    }
    expect(whole.merged?.runs.map(({ file }) => file)).toEqual(['shard-2.json', 'shard-1.json']);
    const latest = join(folder, 'results', 'latest');
    expect((await readdir(latest)).toSorted()).toEqual([
      'report.html',
      'report.md',
      'results.json',
    ]);
    expect(await readFile(join(latest, 'report.md'), 'utf8')).toContain('### timers');
    const { stdout, code } = await loopdyno(['report', '--reporter', 'console'], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('2 runs, taken for as many hosts');
  });

  it('averages ratios over runs of the same cases, from folders, too', async () => {
    await rm(join(folder, 'many'), { recursive: true, force: true });
    for (const name of ['whole', 'other']) {
      await mkdir(join(folder, 'many', name), { recursive: true });
      const text = await readFile(join(folder, `${name}.json`), 'utf8');
      await writeFile(join(folder, 'many', name, 'results.json'), text);
    }
    const mean = await merged('many');
    for (const { contestant, ratio, throughput, hosts, rounds } of mean.cells) {
      expect([throughput, rounds, hosts?.each.length]).toEqual([null, [], 2]);
      if (contestant.policy === 'microtask') continue;
      const points = hosts?.each.map((each) => each.ratio?.point as number) as number[];
      expect(ratio?.point).toBeGreaterThanOrEqual(Math.min(...points));
      expect(ratio?.point).toBeLessThanOrEqual(Math.max(...points));
    }
    expect(mean.summary.at(-1)).toMatchObject({ label: 'Hosts' });
    const { stdout } = await loopdyno(['merge', 'many/whole', 'many/other'], folder);
    expect(stdout).toContain('hosts differ by');
    expect(stdout).toMatch(/^Hosts: /m);
  });

  it('ends with status 1 if a cell failed on one host, and names the host', async () => {
    const [a, b] = [goldenResults(), goldenResults()];
    b.startedAt = '2026-11-24T00:00:00.000Z';
    Object.assign(b.cells[1] as object, { status: 'failed', reason: 'it exited', digest: null });
    for (const [name, run] of Object.entries({ a, b })) {
      await writeFile(join(folder, `${name}.json`), serializeResults(run));
    }
    const { code, stdout } = await loopdyno(['merge', 'a.json', 'b.json'], folder);
    expect(code).toBe(1);
    expect(stdout).toContain('queue failed: on 1 of 2 hosts (b.json): it exited');
  });

  it.each([
    ['nothing', [], /^loopdyno: missing required argument 'runs'\n$/],
    ['one run', ['whole.json'], /^loopdyno: only one run, whole\.json: it takes two or more\n$/],
    [
      'no file',
      ['whole.json', 'none.json'],
      /^loopdyno: cannot read 'none\.json': there is no such file/,
    ],
    ['an empty folder', ['whole.json', 'empty'], /^loopdyno: there is no run in 'empty': it takes/],
    [
      'no JSON',
      ['whole.json', 'text.json'],
      /^loopdyno: ResultsFileError: text\.json: line 1, column 1: this is not JSON/,
    ],
    [
      'other JSON',
      ['whole.json', 'foreign.json'],
      /^loopdyno: ResultsFileError: foreign\.json: not a loopdyno results file/,
    ],
    [
      'a newer schema',
      ['whole.json', 'newer.json'],
      /ResultsFileError: newer\.json: schemaVersion: made by a newer loopdyno: version 2/,
    ],
    ['an aborted run', ['whole.json', 'aborted.json'], /^loopdyno: aborted\.json was ended early/],
    [
      'a run twice',
      ['whole.json', 'whole.json'],
      /^loopdyno: whole\.json is the same run as whole\.json/,
    ],
    [
      'a shard beside a whole run',
      ['whole.json', 'shard-1.json'],
      /^loopdyno: shard-1\.json is not of the plan of whole\.json/,
    ],
    ['another plan', ['whole.json', 'seed.json'], /its seed is 2, and not 1/],
    ['another Node', ['whole.json', 'node.json'], /node \(.* \/ 99\.0\.0\).*--ignore-fingerprint/],
    [
      'a missing shard',
      ['shard-1.json'],
      /^loopdyno: shard 2\/2 is missing \(json\): measure with --shard 2\/2/,
    ],
    [
      'shards of other counts',
      ['shard-1.json', 'third.json'],
      /is not of the plan of shard-1\.json: it is a shard of 3/,
    ],
  ])('refuses %s in one line, with status 2, and leaves nothing', async (what, args, message) => {
    await rm(join(folder, 'none'), { recursive: true, force: true });
    await mkdir(join(folder, 'empty'), { recursive: true });
    const text = await readFile(join(folder, 'other.json'), 'utf8');
    const run = JSON.parse(text) as Results;
    const shard = JSON.parse(await readFile(join(folder, 'shard-2.json'), 'utf8')) as Results;
    const files: Record<string, unknown> = {
      'foreign.json': { schemaVersion: 1 },
      'newer.json': { ...run, schemaVersion: 2 },
      'aborted.json': { ...run, status: 'aborted' },
      'seed.json': { ...run, seed: 2 },
      'node.json': { ...run, fingerprint: { ...run.fingerprint, node: '99.0.0' } },
      'third.json': { ...shard, shard: { ...shard.shard, of: 3 } },
    };
    for (const [name, value] of Object.entries(files)) {
      await writeFile(join(folder, name), JSON.stringify(value));
    }
    await writeFile(join(folder, 'text.json'), 'hello');
    const args2 = ['merge', ...args, '--results', 'none'];
    const { code, stdout, stderr } = await loopdyno(args2, folder);
    expect(stderr, what).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
    expect(await readdir(folder)).not.toContain('none');
  });

  it('merges what a flag allows, and says so', async () => {
    const run = JSON.parse(await readFile(join(folder, 'other.json'), 'utf8')) as Results;
    run.fingerprint.node = '99.0.0';
    await writeFile(join(folder, 'node.json'), JSON.stringify(run));
    const mixed = await merged('whole.json', 'node.json', '--ignore-fingerprint');
    expect(mixed.warnings.map(({ label }) => label)).toEqual(['Mixed']);
    const again = JSON.parse(await readFile(join(folder, 'shard-1.json'), 'utf8')) as Results;
    again.startedAt = '2026-11-24T00:00:00.000Z';
    await writeFile(join(folder, 'again.json'), JSON.stringify(again));
    const alone = ['shard-1.json', 'again.json'];
    const part = await merged(...alone, '--allow-missing', '--allow-repeated');
    expect(part.warnings).toEqual([
      { label: 'Not whole', text: 'without the cases of shard 2/2.' },
    ]);
    expect(new Set(part.cells.map(({ workload }) => workload))).toEqual(
      new Set(['primes', 'timers']),
    );
  });
});
