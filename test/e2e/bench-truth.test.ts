/** `npm run bench:truth` with short turns beside a run of two rounds: it measures, compares and ends what it started. */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { descendants, isAlive, loopdyno, type Finished } from './command.js';

const bench = fileURLToPath(new URL('../../dist/bench/truth/bench.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'loopdyno-truth-test-'));
const results = join(folder, 'latest');
const tiny = ['--results', results, '--turns', '2', '--turn-ms', '20', '--warm-up', '50'];

function truth(...args: string[]): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bench, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

interface Pair {
  run: { point: number };
  bare: { point: number };
  factor: number;
}

interface Comparison {
  reference: string;
  repetitions: number;
  rows: {
    workload: string;
    params: object;
    policy: string;
    cpuUs: Pair;
    jobsPerSecond: Pair;
    near: boolean;
    ratio: object | null;
  }[];
  aims: { what: string; met: number; of: number; reached: boolean }[];
  missing: string[];
  failures: string[];
}

describe.skipIf(process.platform !== 'linux')('bench:truth', () => {
  beforeAll(async () => {
    const flags = ['--workload', 'primes,echo', '--policy', 'microtask,queue', '--rounds', '2'];
    const { code, stderr } = await loopdyno(['run', ...flags, '--results', folder], folder);
    expect(code, stderr).toBe(0);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says for each cell of a run what a bare program says of it', async () => {
    const { code, stdout, stderr } = await truth(...tiny, '--json');
    const found = JSON.parse(stdout) as Comparison;
    expect(found).toMatchObject({ reference: 'microtask', repetitions: 2, failures: [] });
    expect(found.rows.map(({ workload, policy }) => `${workload} ${policy}`).toSorted()).toEqual(
      ['primes', 'echo', 'echo', 'echo']
        .flatMap((workload) => [`${workload} microtask`, `${workload} queue`])
        .toSorted(),
    );
    expect(found.rows).toContainEqual(
      expect.objectContaining({ workload: 'echo', params: { size: 1024 }, policy: 'queue' }),
    );
    for (const { policy, cpuUs, jobsPerSecond, ratio } of found.rows) {
      for (const { run, bare, factor } of [cpuUs, jobsPerSecond]) {
        expect(bare.point).toBeGreaterThan(0);
        expect(factor).toBeCloseTo(run.point / bare.point, 9);
      }
      expect(ratio === null).toBe(policy === 'microtask');
    }
    expect(found.missing).toEqual([]);
    expect(found.aims.map(({ what, of }) => [what, of])).toEqual([
      ['cpu', 2],
      ['io, mixed', 6],
      ['ratios', 4],
    ]);
    // Turns of 20 ms are no measurement: whether its verdicts are right is tested in test/house/truth.test.ts.
    expect([0, 1]).toContain(code);
    expect(stderr).toContain('bare: echo, 1 KiB, 2 of 4, repetition 1 of 2');
  }, 120_000);

  it('prints a table, and measures the reference with a policy that is named', async () => {
    const { stdout } = await truth(...tiny, '--quick', '--workload', 'primes', '--policy', 'queue');
    const lines = stdout.split('\n');
    expect(lines.filter((line) => /^ primes +(microtask|queue) /.test(line))).toHaveLength(2);
    expect(stdout).toMatch(/within 5% of the bare program: [0-2] of 2/);
  }, 60_000);

  it('refuses to compare work that was not the same', async () => {
    const text = readFileSync(join(results, 'results.json'), 'utf8');
    const run = JSON.parse(text) as { cells: { digest: string }[] };
    for (const cell of run.cells) cell.digest = 'another';
    const file = join(folder, 'other-work.json');
    writeFileSync(file, JSON.stringify(run));
    const flags = ['--quick', '--workload', 'primes'];
    const { code, stderr } = await truth(...tiny, ...flags, '--results', file);
    expect(stderr).toMatch(/did other work than the run: digests [0-9a-f]{16} and another/);
    expect(code).toBe(1);
  }, 60_000);

  it('ends all that it started when it is interrupted', async () => {
    const child = spawn(
      process.execPath,
      [bench, ...tiny, '--turns', '1000', '--workload', 'echo'],
      {
        stdio: ['ignore', 'ignore', 'ignore'],
      },
    );
    const ended = new Promise((resolve) => child.once('close', resolve));
    // The fixture and two programs.
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (descendants(child).length < 3) return;
        clearInterval(look);
        resolve();
      }, 20);
    });
    const started = descendants(child);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(started.filter(isAlive)).toEqual([]);
  }, 60_000);

  it('refuses what it does not understand, in one line', async () => {
    expect(await truth('--turns', 'many')).toEqual({
      code: 2,
      stdout: '',
      stderr: "--turns takes a whole number from 1, but got 'many'\n",
    });
    expect(await truth('--near', '--results', results)).toMatchObject({
      code: 2,
      stderr: '--near starts runs of its own: leave out --results\n',
    });
    expect(await truth('--workload', 'prime')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^unknown workload 'prime': did you mean 'primes'\? .*\n$/),
    });
  });
});
