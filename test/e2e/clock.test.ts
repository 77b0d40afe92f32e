/** The real command line, where what is asserted depends on the clock: it runs alone, see vitest.config.ts. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CapacitySchema } from '#dist/src/documents/capacity.js';
import { parseResults } from '#dist/src/documents/parse-results.js';
import { SweepSchema } from '#dist/src/documents/sweep.js';
import { descendants, isAlive, loopdyno, loopdynoInFull, start } from './command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-e2e-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const MINUTE = 60_000;

describe('a run', () => {
  it('keeps to its budget, and says of what did not fit in', { timeout: 60_000 }, async () => {
    const args = ['--budget', '4s', '--policy', 'microtask', '--kind', 'cpu', '--all', '--json'];
    const { code, stdout } = await loopdynoInFull(args, folder);
    const { cells, budgetMs, elapsedMs } = parseResults(stdout, 'stdout');
    expect(code).toBe(0);
    expect(budgetMs).toBe(4000);
    expect(elapsedMs).toBeLessThan(12_000); // a round may be under way; these machines can be slow
    // A first round of a case takes two seconds and more: one fits in, and five do not.
    const left = cells.filter(({ rounds }) => rounds.length === 0);
    expect(cells.length).toBeGreaterThanOrEqual(5);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(cells.length);
    for (const { status, reason } of left) {
      expect([status, reason]).toEqual(['aborted', expect.stringMatching(/budget/)]);
    }
  });

  it('finds a copy of a policy that is slower, slower', { timeout: 60_000 }, async () => {
    await writeFile(join(folder, 'loopdyno.config.ts'), SLOWER);
    const asked = ['--workload', 'tenth', '--policy', 'queue,slower', '--json'];
    const args = [...asked, '--rounds', '6', '--warm-up', '200ms'];
    const { code, stdout, stderr } = await loopdyno(args, folder);
    expect(code, stderr).toBe(0);
    const slower = parseResults(stdout, 'stdout').cells.find(
      ({ contestant }) => contestant.policy === 'slower',
    );
    // Twice the work, so that no noise of a busy machine can hide it.
    expect(slower?.ratio?.high).toBeLessThan(0.8);
    expect(slower?.ratio?.low).toBeGreaterThan(0.3);
  });
});

/** A job of a tenth of a ms, and a copy of a policy that does it twice. */
const SLOWER = `
  import { defineConfig, definePolicy, defineWorkload, portable, queue, type Loop } from 'loopdyno';
  const spin = (steps: number): number => {
    let x = 1;
    for (let i = 0; i < steps; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
    return x;
  };
  export const tenth = portable(import.meta.url, 'tenth', (loop: Loop, steps: number) => {
    const slow = (loop as unknown as { slow?: boolean }).slow === true;
    return String(spin(steps) + 0 * spin(slow ? steps : 0));
  });
  export default defineConfig({
    reference: 'queue',
    policies: [
      definePolicy({
        ...queue,
        name: 'slower',
        open: async (options?: object) => Object.assign(await queue.open(options), { slow: true }),
      }),
    ],
    workloads: [defineWorkload({ name: 'tenth', job: tenth, inputs: [100_000, 100_001] })],
  });
`;

describe('an interruption', () => {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`by ${signal} ends every child and saves what there is`, { timeout: 60_000 }, async () => {
      const run = start(['--budget', '10m', '--workload', 'echo,pipeline'], folder);
      await run.said('round 1');
      // In the second case: its fixture and the first one's are alive, and contestants come up.
      let children = descendants(run.child);
      while (children.length < 5) {
        await sleep(50);
        children = descendants(run.child);
      }
      const began = performance.now();
      run.child.kill(signal);
      const { code } = await run.finished;
      expect(performance.now() - began).toBeLessThan(2000);
      expect(code).toBe(status);
      expect(children.filter(isAlive)).toEqual([]);
      const saved = join(folder, 'results', 'latest', 'results.json');
      const results = parseResults(await readFile(saved, 'utf8'), saved);
      expect(results.status).toBe('aborted');
      expect(results.cells.every((cell) => cell.status === 'aborted')).toBe(true);
    });
  }
});

describe('sweep', () => {
  it(
    'measures along a parameter, and saves what it says three times',
    async () => {
      const asked = ['sweep', 'spin', '--param', 'us=20..500:log', '--set', 'concurrency=2'];
      const { stdout, stderr, code } = await loopdyno(
        [...asked, '--policy', 'microtask,queue', '--budget', '6s'],
        folder,
      );
      expect([code, stderr]).toEqual([0, expect.stringContaining('report.html')]);
      expect(stdout).toMatch(/queue.* microtask/);
      const saved = join(folder, 'results', 'sweeps', 'latest');
      expect((await readdir(saved)).toSorted()).toEqual(['report.html', 'report.md', 'sweep.json']);
      const sweep = SweepSchema.parse(
        JSON.parse(await readFile(join(saved, 'sweep.json'), 'utf8')),
      );
      expect(sweep).toMatchObject({
        workload: 'spin',
        reference: 'microtask',
        parameter: { name: 'us', unit: 'µs per job', from: 20, to: 500, scale: 'log' },
      });
      // Larger jobs take longer, each about as long as it says: a factor of 3 leaves room for the machine.
      const [curve] = sweep.curves;
      const points = curve?.points ?? [];
      expect(points.length).toBeGreaterThan(2);
      for (const { x, jobsPerSecond } of points) {
        expect(1e6 / jobsPerSecond / x).toBeGreaterThan(1 / 3);
        expect(1e6 / jobsPerSecond / x).toBeLessThan(3);
      }
      expect(await readFile(join(saved, 'report.md'), 'utf8')).toContain('| µs per job |');
    },
    2 * MINUTE,
  );
});

describe('capacity', () => {
  it(
    'finds the highest rate that holds, in two rounds at least',
    async () => {
      const { stdout, code } = await loopdyno(
        ['capacity', 'spin', '--slo', 'p90=15ms', '--policy', 'queue', '--budget', '4s', '--json'],
        folder,
      );
      expect(code).toBe(0);
      const { policies, slo } = CapacitySchema.parse(JSON.parse(stdout));
      expect(slo).toEqual({ name: 'p90', quantile: 0.9, ms: 15 });
      const [queue] = policies;
      expect(queue?.limits.length).toBeGreaterThanOrEqual(2);
      // A closed loop is the most that one thread can do, give or take what two processes differ by.
      for (const [round, limit] of (queue?.limits ?? []).entries()) {
        expect(limit).toBeGreaterThan(0);
        expect((limit ?? 0) / (queue?.closed[round] ?? 1)).toBeLessThan(1.3);
      }
    },
    MINUTE,
  );
});
