/** `npm run bench:truth` with short turns: it measures, compares and ends what it started. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { benchProgram, descendants, isAlive } from './command.js';

const bench = fileURLToPath(new URL('../../dist/bench/truth/bench.js', import.meta.url));
// Shorter turns end before a busy machine lets the driver see that they began.
const tiny = ['--blocks', '2', '--turn-ms', '100', '--warm-up', '50'];

const truth = benchProgram('truth/bench.js');

interface Pair {
  run: { point: number };
  bare: number;
  factor: { point: number; low: number | null; high: number | null };
}

interface Comparison {
  reference: string;
  rows: {
    workload: string;
    params: object;
    policy: string;
    cpuUs: Pair & { verdict: string };
    jobsPerSecond: Pair;
    ratio: object | null;
  }[];
  aims: { what: string; met: number; of: number; reached: boolean }[];
  missing: string[];
}

describe.skipIf(process.platform !== 'linux')('bench:truth', () => {
  it('says for each cell of a run what a bare program says of it', async () => {
    const flags = ['--rounds', '1', '--workload', 'primes,echo', '--policy', 'microtask,queue'];
    const { code, stdout, stderr } = await truth(...tiny, ...flags, '--json');
    const found = JSON.parse(stdout) as Comparison;
    expect(found.missing).toEqual([]);
    expect(found.reference).toBe('microtask');
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
        expect(run.point).toBeGreaterThan(0);
        expect(bare).toBeGreaterThan(0);
        // What is next to each other in time, and all of it: no more than the machine's drift apart.
        expect(Math.abs(Math.log(factor.point / (run.point / bare)))).toBeLessThan(1);
      }
      expect(ratio === null).toBe(policy === 'microtask');
    }
    expect(found.aims.map(({ what, of }) => [what, of])).toEqual([
      ['cpu', 2],
      ['io, mixed', 6],
      ['ratios', 4],
    ]);
    // Two blocks are no measurement: whether its verdicts are right is tested in test/house/truth.test.ts.
    expect(code).toBe(found.aims.every(({ reached }) => reached) ? 0 : 1);
    expect(stderr).toContain('primes, round 1');
  }, 120_000);

  it('prints a table, and measures the reference with a policy that is named', async () => {
    const { stdout } = await truth(
      ...tiny,
      '--rounds',
      '1',
      '--workload',
      'primes',
      '--policy',
      'queue',
    );
    const lines = stdout.split('\n');
    expect(lines.filter((line) => /^ primes +(microtask|queue) /.test(line))).toHaveLength(2);
    expect(stdout).toMatch(
      /within 5% of the bare program: 0 of 2, [0-2] far, [0-2] unsure: missed/,
    );
  }, 60_000);

  it('has bare programs on other runtimes, and intervals where it has two rounds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loopdyno-truth-'));
    try {
      await symlink(process.execPath, join(folder, 'node'));
      const asked = ['--rounds', '2', '--workload', 'primes', '--policy', 'microtask', '--json'];
      const { stdout } = await truth(...tiny, ...asked, '--runtime', join(folder, 'node'));
      const { rows, missing } = JSON.parse(stdout) as Comparison;
      expect(missing).toEqual([]);
      expect(rows.map(({ policy }) => policy)).toEqual([
        'microtask',
        `microtask@node${process.versions.node}`,
      ]);
      for (const { low, point, high } of rows.map(({ cpuUs }) => cpuUs.factor)) {
        expect(low).toBeLessThan(point);
        expect(high).toBeGreaterThan(point);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 60_000);

  it('ends all that it started when it is interrupted', async () => {
    const child = spawn(
      process.execPath,
      [bench, ...tiny, '--blocks', '1000', '--workload', 'echo', '--policy', 'microtask,queue'],
      {
        stdio: ['ignore', 'ignore', 'ignore'],
      },
    );
    const ended = new Promise((resolve) => child.once('close', resolve));
    // The fixture, a bare program and a contestant of each policy.
    await new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (descendants(child).length < 5) return;
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
    expect(await truth('--blocks', 'many')).toEqual({
      code: 2,
      stdout: '',
      stderr: "--blocks takes a whole number from 1, but got 'many'\n",
    });
    expect(await truth('--workload', 'prime')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^unknown workload 'prime': did you mean 'primes'\? .*\n$/),
    });
  });
});
