import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseResults } from '#dist/src/schema/parse-results.js';
import { descendants, isAlive, loopdyno, start } from './command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-e2e-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a command line that is wrong', () => {
  const wrong: [string, string[], RegExp][] = [
    [
      'policy',
      ['run', '--policy', 'quue'],
      /^loopdyno: unknown policy 'quue': did you mean 'queue'\?/,
    ],
    ['policy in a list', ['--policy', 'uv,micro-task'], /did you mean 'microtask'\?/],
    ['workload', ['--workload', 'jsn'], /unknown workload 'jsn': did you mean 'json'\?/],
    [
      'far-off name',
      ['--workload', 'zebra'],
      /unknown workload 'zebra': there are json, echo, pipeline$/,
    ],
    ['flag', ['run', '--quik'], /unknown option '--quik': did you mean '--quick'\?/],
    ['command', ['rnu'], /unknown command 'rnu': did you mean 'run'\?/],
    ['seed', ['--seed', 'x'], /option '--seed <number>' argument 'x' is invalid/],
    ['missing value', ['--policy'], /option '--policy <name...>' argument missing/],
  ];
  for (const [what, args, message] of wrong) {
    it(`is refused in one line, with status 2: ${what}`, async () => {
      const { code, stdout, stderr } = await loopdyno(args, folder);
      expect(stderr.trim()).toMatch(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stdout).toBe('');
      expect(code).toBe(2);
      expect(await readdir(folder)).toEqual([]);
    });
  }

  it('is told from a question for help', async () => {
    const { code, stdout } = await loopdyno(['run', '--help'], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('--quick');
  });
});

describe('a run', () => {
  it('prints one document with --json, and saves the same', { timeout: 60_000 }, async () => {
    const args = ['run', '--quick', '--json', '--workload', 'json', '--policy', 'queue,microtask'];
    const { code, stdout, stderr } = await loopdyno(args, folder);
    expect(stderr).toContain('Saved to');
    const printed = parseResults(stdout, 'stdout');
    expect(code).toBe(0);
    expect(printed.status).toBe('complete');
    expect(printed.cells.map((cell) => [cell.contestant.policy, cell.status])).toEqual([
      ['queue', 'ok'],
      ['microtask', 'ok'],
    ]);
    const [queue, microtask] = printed.cells;
    expect(queue?.digest).toMatch(/^[0-9a-f]{16}$/);
    expect(queue?.digest).toBe(microtask?.digest);
    expect(queue?.rounds).toHaveLength(3);
    expect(queue?.throughput?.point).toBeGreaterThan(0);
    expect(microtask?.ratio).toEqual({ to: 'microtask', point: 1, low: 1, high: 1 });

    const latest = join(folder, 'results', 'latest');
    const saved = await readFile(join(latest, 'results.json'), 'utf8');
    expect(parseResults(saved, 'saved')).toEqual(printed);
    expect(await readFile(join(latest, 'report.md'), 'utf8')).toContain('json');
  });

  it(
    'lists a policy that is not available, with reason and remedy',
    { timeout: 60_000 },
    async () => {
      const args = ['--quick', '--json', '--workload', 'json', '--policy', 'microtask', 'uv'];
      const { code, stdout } = await loopdyno(args, folder, { LOOPDYNO_NATIVE: '0' });
      const [microtask, uv] = parseResults(stdout, 'stdout').cells;
      expect(microtask).toMatchObject({ status: 'ok', reason: null });
      expect(uv?.status).toBe('unavailable');
      expect(uv?.reason).toMatch(/LOOPDYNO_NATIVE=0.*unset/);
      expect(uv?.throughput).toBeNull();
      expect(code).toBe(0);
    },
  );

  it('says before measuring that it cannot save', async () => {
    await writeFile(join(folder, 'results'), 'a file where the folder should be');
    const { code, stderr } = await loopdyno(['--quick', '--workload', 'json'], folder);
    expect(stderr).toMatch(/ResultsFolderError.*results/);
    expect(stderr).not.toContain('round 1');
    expect(code).toBe(3);
  });
});

describe('an interruption', () => {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`by ${signal} ends every child and saves what there is`, { timeout: 60_000 }, async () => {
      const run = start(['--quick', '--workload', 'echo,pipeline'], folder);
      // In the second case: its fixture and the first one's are alive, and contestants come up.
      await run.said('round 2');
      const children = descendants(run.child);
      expect(children.length).toBeGreaterThanOrEqual(4);
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
      expect(results.cells.some((cell) => cell.rounds.length > 0)).toBe(true);
    });
  }
});
