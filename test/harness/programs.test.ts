/** Contestants that are programs of their own, in whatever language. */
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loopdyno, loopdynoInFull } from '../e2e/command.js';
import type { Cell, Results } from '#dist/src/documents/results.js';
import { exitCodeOf } from '#dist/src/studies/run/run.js';

const config = fileURLToPath(new URL('./programs/programs.config.mjs', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-programs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function run(policy: string, workload = 'sums', ...more: string[]) {
  const args = ['run', '--config', config, '--policy', policy, '--workload', workload, ...more];
  return loopdyno([...args, ...(more.includes('--rounds') ? [] : ['--rounds', '2'])], folder);
}

async function resultsOf(policy: string, workload?: string, ...more: string[]) {
  const { stdout, stderr, code } = await run(policy, workload, '--json', ...more);
  expect(stderr).not.toMatch(/^loopdyno:/m);
  return { results: JSON.parse(stdout) as Results, code };
}

describe('a program', () => {
  it('does the same work as a policy, in the same rounds, and says what it runs on', async () => {
    const { results, code } = await resultsOf('queue,none');
    expect(code).toBe(0);
    const [queue, none] = results.cells;
    expect(none).toMatchObject({ status: 'ok', reason: null, ratio: { to: 'queue' } });
    expect(none?.digest).toBe(queue?.digest);
    expect(none?.contestant).toEqual({ policy: 'none', runtime: `a test on ${process.version}` });
    expect(queue?.contestant).toEqual({ policy: 'queue' });
    expect(none?.rounds.map(({ slices }) => slices.map(({ turn }) => turn))).toEqual(
      queue?.rounds.map(({ slices }) => slices.map(({ turn }) => turn)),
    );
    const [saved = ''] = await readdir(join(folder, 'results'));
    const report = await readFile(join(folder, 'results', saved, 'report.md'), 'utf8');
    expect(report).toContain(`- Programs: none on a test on ${process.version}`);
  });

  it('that works on several cores has one long turn in each block', async () => {
    // In full: turns grow with what it takes to begin one, and a short block is only one of them on a busy machine.
    const args = ['run', '--config', config, '--policy', 'queue,wide', '--workload', 'sums'];
    const short = ['--rounds', '2', '--warm-up', '100ms', '--json'];
    const { stdout } = await loopdynoInFull([...args, ...short], folder);
    const [queue, wide] = (JSON.parse(stdout) as Results).cells;
    for (const [at, { block, slices }] of (wide?.rounds ?? []).entries()) {
      const turns = queue?.rounds[at]?.slices.map(({ turn }) => turn) ?? [];
      expect(block).toBeGreaterThan(1);
      expect(slices.map(({ turn }) => turn)).toEqual(turns.filter((turn) => turn % block === 0));
      for (const { ms } of slices) expect(ms).toBeGreaterThanOrEqual(150);
    }
    expect(wide?.rounds).toHaveLength(2);
    expect(wide?.ratio?.point).toBeGreaterThan(0);
  });

  const wrong: [string, string, RegExp][] = [
    ['answers what is no number', 'wrong-number', /^answered 'slice'.*samplesMs\[1\] is 'fast': /],
    [
      'leaves something out',
      'left-out',
      /neither at reset nor at close what measuring costs: .*protocol\.md/,
    ],
    ['answers something else', 'not-asked', /^answered 'open'.*did is 'nothing'/],
    ['did other work', 'other-work', /its digest mine differs from queue's [0-9a-f]{16}/],
    ['cannot be started', 'gone', /gone could not be started \(spawn \/no\/such\/program ENOENT\)/],
  ];
  it('that does wrong has failed and says why, and the others are measured', async () => {
    const names = wrong.map(([, name]) => name);
    const { results, code } = await resultsOf(['queue', ...names].join());
    expect(code).toBe(1);
    const [queue, ...others] = results.cells;
    expect(queue).toMatchObject({ status: 'ok' });
    expect(queue?.rounds).toHaveLength(2);
    expect(others.map(({ contestant }) => contestant.policy)).toEqual(names);
    for (const [at, [what, , reason]] of wrong.entries()) {
      expect(others[at], what).toMatchObject({ status: 'failed', throughput: null });
      expect(others[at]?.reason, what).toMatch(reason);
      const alone = {
        cells: results.cells.filter((cell) => cell === queue || cell === others[at]),
      };
      expect(exitCodeOf(alone), `the exit status if it is the only one that ${what}`).toBe(1);
    }
    expect(exitCodeOf({ cells: [queue as Cell] })).toBe(0);
  });

  it('that is not here is a row that says what to do', async () => {
    const { results } = await resultsOf('queue,missing,throws,nonsense');
    const reasons = results.cells.map(({ status, reason }) => `${status} ${reason}`);
    expect(reasons).toEqual([
      'ok null',
      'unavailable no such runtime: install it',
      expect.stringMatching(/^unavailable its find\(\) threw Error: no idea: let find\(\) give/),
      expect.stringMatching(/^unavailable its find\(\) gave \{.*'one string'.*let find\(\) give/),
    ]);
  });

  it('is told null where the work is not made of jobs, and the facts', async () => {
    const { results } = await resultsOf('queue,no-jobs', 'echo', '--rounds', '1');
    expect(results.cells[1]?.reason).toMatch(/^Error: echo is not made of jobs; \{"port":\d+\}$/);
  });

  it('is measured in its own workloads only', async () => {
    const { stdout } = await run('queue,none', 'sums,json', '--dry-run', '--json');
    const { cases } = JSON.parse(stdout) as { cases: { contestants: string[] }[] };
    expect(cases.map(({ contestants }) => contestants)).toEqual([['queue', 'none'], ['queue']]);
    const { stderr, code } = await run('none', 'json');
    expect(stderr).toBe("loopdyno: program 'none' does none of these workloads, but sums\n");
    expect(code).toBe(2);
  });

  it('is listed, and can be required', async () => {
    const { stdout } = await loopdyno(['list', '--config', config, '--json'], folder);
    const { programs } = JSON.parse(stdout) as { programs: { name: string }[] };
    const named = (name: string) => programs.find((each) => each.name === name);
    expect(named('none')).toEqual({
      name: 'none',
      summary: 'none',
      workloads: ['sums'],
      available: true,
    });
    expect(named('missing')).toMatchObject({ available: false, remedy: 'install it' });
    const { stderr, code } = await run('queue', 'sums', '--require', 'missing');
    expect(stderr).toMatch(/policy 'missing' is required and not available: no such runtime/);
    expect(code).toBe(3);
  });
});
