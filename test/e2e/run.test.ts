import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseResults } from '#dist/src/documents/parse-results.js';
import { loopdyno, start } from './command.js';

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
    ['far-off name', ['--workload', 'zebra'], /unknown workload 'zebra': there are primes, json, /],
    ['kind', ['--kind', 'cpuu'], /unknown kind 'cpuu': did you mean 'cpu'\?/],
    [
      'kind that a workload is not of',
      ['--kind', 'io', '--workload', 'json'],
      /none of these workloads is of kind io/,
    ],
    ['reporter', ['--reporter', 'jsno'], /unknown reporter 'jsno': did you mean 'json'\?/],
    ['budget', ['--budget', 'soon'], /'soon' is invalid\. it takes a time such as 90s or 3m/],
    ['rounds', ['--rounds', '0'], /'0' is invalid\. it takes a whole number from 1/],
    ['both', ['--rounds', '2', '--budget', '3m'], /cannot be used with/],
    ['required policy', ['--require', 'vu'], /unknown policy 'vu': did you mean 'uv'\?/],
    ['flag', ['run', '--quik'], /unknown option '--quik': did you mean '--quick'\?/],
    ['command', ['rnu'], /unknown command 'rnu': did you mean 'run'\?/],
    ['warm-up', ['--warm-up', 'soon'], /'soon' is invalid\. it takes a time such as 90s or 3m/],
    ['seed', ['--seed', 'x'], /option '--seed <number>' argument 'x' is invalid/],
    ['empty list', ['--policy', ','], /argument ',' is invalid\. it takes at least one name/],
    [
      'command with flags of another',
      ['comapre', 'a', '--ignore-fingerprint'],
      /unknown command 'comapre': did you mean 'compare'\?/,
    ],
    ['help for no command', ['help', 'lst'], /unknown command 'lst': did you mean 'list'\?/],
    ['flag of list', ['list', '--jsno'], /unknown option '--jsno': did you mean '--json'\?/],
    ['flag of doctor', ['doctor', '--cofnig', 'x'], /did you mean '--config'\?/],
    ['flag of init', ['init', '--ts'], /unknown option '--ts': did you mean '--js'\?/],
    ['flag of compare', ['compare', 'a', 'b', '--ignore'], /unknown option '--ignore'/],
    ['too much', ['list', 'x'], /too many arguments for 'list'/],
    ['missing value', ['--policy'], /option '--policy <name...>' argument missing/],
    ['config', ['--config', 'none.ts'], /none\.ts: there is no such file/],
    ['saved run', ['report', 'none.json'], /cannot read 'none.json': there is no such file/],
    ['half a comparison', ['compare', 'a.json'], /missing required argument 'b'/],
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

/** One case, two policies, few rounds. */
const SHORT = ['run', '--rounds', '2', '--workload', 'json', '--policy', 'queue,microtask'];

describe('a run', () => {
  it('prints one document with --json, and saves the same', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await loopdyno([...SHORT, '--json'], folder);
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
    expect(queue?.rounds).toHaveLength(2);
    expect(microtask?.ratio).toEqual({ to: 'microtask', point: 1, low: 1, high: 1 });
    for (const cell of printed.cells) {
      expect(cell.throughput?.point).toBeGreaterThan(0);
      expect(cell.cpuPerJob?.user).toBeGreaterThan(0);
      expect(cell.latency?.count).toBeGreaterThan(0);
      expect(cell.latency?.max).toBeGreaterThanOrEqual(cell.latency?.p50 as number);
      expect(cell.lag?.count).toBeGreaterThan(0);
      expect(cell.firstJob?.point).toBeGreaterThan(0);
      expect(cell.memory?.peakBytes).toBeGreaterThan(20 << 20);
      expect(cell.outliers?.samples).toBeGreaterThan(0);
    }
    expect(printed.harness?.sampleUs).toBeGreaterThan(0);

    const latest = join(folder, 'results', 'latest');
    const saved = await readFile(join(latest, 'results.json'), 'utf8');
    expect(parseResults(saved, 'saved')).toEqual(printed);
    expect(await readFile(join(latest, 'report.md'), 'utf8')).toContain('json');

    // A saved run can be rendered and compared again, without measuring.
    const markdown = await loopdyno(['report', '--reporter', 'markdown'], folder);
    expect(markdown.stdout).toBe(await readFile(join(latest, 'report.md'), 'utf8'));
    const page = join(latest, 'report.html');
    const written = await readFile(page, 'utf8');
    await rm(page);
    const html = await loopdyno(['report', join(latest, 'results.json'), '--html'], folder);
    expect(html).toMatchObject({ code: 0, stdout: `${page}\n` });
    expect(await readFile(page, 'utf8')).toBe(written);
    const again = await loopdyno(['report', latest, '--json'], folder);
    expect(again.stdout).toBe(stdout);
    const both = await loopdyno(['compare', latest, join(latest, 'results.json')], folder);
    expect(both.code).toBe(0);
    expect(both.stdout).toContain('overlap in 2 of 2 cells');
  });

  it(
    'lists a policy that is not available, with reason and remedy',
    { timeout: 60_000 },
    async () => {
      const args = ['--rounds', '1', '--json', '--workload', 'json', '--policy', 'microtask', 'uv'];
      const { code, stdout } = await loopdyno(args, folder, { LOOPDYNO_NATIVE: '0' });
      const [microtask, uv] = parseResults(stdout, 'stdout').cells;
      expect(microtask).toMatchObject({ status: 'ok', reason: null });
      expect(uv?.status).toBe('unavailable');
      expect(uv?.reason).toMatch(/LOOPDYNO_NATIVE=0.*unset/);
      expect(uv?.throughput).toBeNull();
      expect(code).toBe(0);
    },
  );

  it('goes on when nobody reads its messages', { timeout: 60_000 }, async () => {
    const { child, finished } = start([...SHORT, '--json'], folder);
    child.stderr.destroy();
    const { code, stdout } = await finished;
    expect(code).toBe(0);
    expect(parseResults(stdout, 'stdout').status).toBe('complete');
  });

  it('does not begin without a policy that is required', async () => {
    const args = ['--quick', '--require', 'uv'];
    const { code, stderr } = await loopdyno(args, folder, { LOOPDYNO_NATIVE: '0' });
    expect(stderr).toMatch(/RequiredPolicyError: policy 'uv' is required and not available/);
    expect(code).toBe(3);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says before measuring that it cannot save', async () => {
    await writeFile(join(folder, 'results'), 'a file where the folder should be');
    const { code, stderr } = await loopdyno(['--quick', '--workload', 'json'], folder);
    expect(stderr).toMatch(/ResultsFolderError.*results/);
    expect(stderr).not.toContain('round 1');
    expect(code).toBe(3);
  });

  it('warms up as long as it is told', { timeout: 60_000 }, async () => {
    const args = ['--policy', 'queue', '--workload', 'primes', '--rounds', '1', '--json'];
    const { stdout } = await loopdyno([...args, '--warm-up', '1.2s'], folder);
    const [cell] = parseResults(stdout, 'stdout').cells;
    expect(cell?.rounds[0]?.warm.ms).toBeGreaterThanOrEqual(1200);
  });

  it('is planned without being run by --dry-run', async () => {
    const { code, stdout } = await loopdyno([...SHORT, '--dry-run'], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('json (cpu): queue, microtask');
    expect(stdout).toContain('Nothing was measured.');
    const asJson = await loopdyno(['--dry-run', '--json', '--kind', 'mixed'], folder);
    const plan = JSON.parse(asJson.stdout) as { etaMs: number; cases: { kind: string }[] };
    expect(plan.etaMs).toBe(300_000);
    expect(new Set(plan.cases.map(({ kind }) => kind))).toEqual(new Set(['mixed']));
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a cell that fails', () => {
  it('has its reason, the others go on, and the status is 1', { timeout: 60_000 }, async () => {
    await writeFile(join(folder, 'loopdyno.config.mjs'), FAILING);
    const args = ['--rounds', '1', '--json', '--workload', 'shy', '--policy', 'microtask,queue'];
    const { code, stdout } = await loopdyno(args, folder);
    const [microtask, queue] = parseResults(stdout, 'stdout').cells;
    expect(code).toBe(1);
    expect(queue).toMatchObject({ status: 'failed', throughput: null });
    expect(queue?.reason).toMatch(/exited with code 9/);
    expect(microtask).toMatchObject({ status: 'ok', reason: null });
  });
});

const FAILING = `
  import { setTimeout as sleep } from 'node:timers/promises';
    export default {
    workloads: [{
      name: 'shy', kind: 'cpu', summary: 'exits under queue', cases: [{}],
      *start(loop) {
        const session = {
          concurrency: 1,
          done: 0,
          *verify() { return 'd'; },
          *batch(jobs) {
            if (loop.policy.name === 'queue') process.exit(9);
            yield* loop.adopt(sleep(1));
            session.done += jobs;
          },
          *rest() {},
          *close() {},
        };
        return session;
      },
    }],
  };
`;
