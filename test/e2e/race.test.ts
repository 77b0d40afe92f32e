/** `loopdyno race`, in a project that knows nothing of loopdyno. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseResults, type Results } from '#dist/src/documents/index.js';
import { loopdyno } from './command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-race-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const SHORT = ['--rounds', '1', '--warm-up', '50ms', '--json'];

async function files(all: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(all)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function race(...args: string[]): Promise<{ code: number | null; results: Results }> {
  const { code, stdout, stderr } = await loopdyno(['race', ...args, ...SHORT], folder);
  expect(stdout, stderr).not.toBe('');
  return { code, results: parseResults(stdout, 'stdout') };
}

function reasons({ cells }: Results): Record<string, string | null> {
  return Object.fromEntries(cells.map(({ contestant, reason }) => [contestant.policy, reason]));
}

function git(...args: string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'ignore' });
}

describe('a race of a function', () => {
  const SUM = `
    export const inputs = [[1, 2, 3], [4, 5]];
    export function sum(numbers: number[]): number { let all = 0; for (const n of numbers) all += n; return all; }
    export const join = (a: string, b: string) => a + b;
    export const chance = () => Math.random();
    export const title = () => (globalThis as any).document === undefined ? eval('document.title') : '';
  `;

  it('compares it under two environments, and says what was raced', async () => {
    await files({ 'src/sum.ts': SUM });
    const { code, results } = await race('./src/sum.ts#sum', '--vary', 'env=,MODE=x');
    expect(code).toBe(0);
    expect(results.race).toEqual({
      subject: './src/sum.ts#sum',
      kind: 'function',
      unit: 'calls',
      vary: [{ key: 'env', values: ['', 'MODE=x'] }],
      ignored: [],
    });
    const [plain, other] = results.cells;
    expect(plain).toMatchObject({ contestant: { policy: 'environment as it is' }, status: 'ok' });
    expect(other).toMatchObject({ contestant: { policy: 'MODE=x' }, status: 'ok' });
    expect(other?.ratio?.to).toBe('environment as it is');
    expect(other?.rounds).toHaveLength(1);
    expect(plain?.digest).toBe(other?.digest);
    // What was written for the race is gone, and what was compiled is kept in one place.
    expect(readdirSync(join(folder, 'src'))).toEqual(['sum.ts']);
    expect(
      readdirSync(join(folder, 'results/.cache')).filter((name) => name.startsWith('race-')),
    ).toEqual([]);
  });

  it('runs it inline, on threads and in processes', async () => {
    await files({ 'sum.ts': SUM });
    const { code, results } = await race(
      './sum.ts#sum',
      '--vary',
      'where=inline,workers:1,processes:2',
    );
    expect(reasons(results)).toEqual({ inline: null, 'workers:1': null, 'processes:2': null });
    expect(code).toBe(0);
  });

  it('takes its input from a file, as one argument or as all of them', async () => {
    await files({
      'sum.mjs': SUM.replaceAll(/: (number\[\]|number|string)/g, '').replace(' as any', ''),
      'one.json': '[1, 2, 3]',
      'two.json': '["a", "b"]',
    });
    const vary = ['--vary', 'env=,MODE=x'];
    const one = await race('./sum.mjs#sum', '--input', 'one.json', ...vary);
    expect(one.code, JSON.stringify(reasons(one.results))).toBe(0);
    const two = await race('./sum.mjs#join', '--input', 'two.json', '--spread', ...vary);
    expect(two.code, JSON.stringify(reasons(two.results))).toBe(0);
  });

  it('compares two trees: the commit before, and this one', async () => {
    await files({ 'sum.ts': SUM, '.gitignore': 'results' });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    await files({ 'sum.ts': SUM.replace('all += n', 'all += n + 0') });
    const same = await race('./sum.ts#sum', '--vary', 'tree=HEAD,.');
    expect(reasons(same.results)).toEqual({ HEAD: null, '.': null });
    await files({ 'sum.ts': SUM.replace('all += n', 'all += n + 1') });
    const other = await race('./sum.ts#sum', '--vary', 'tree=HEAD,.');
    expect(reasons(other.results)).toEqual({
      HEAD: null,
      '.': 'answers differently: input 0: 9, not 6, as HEAD does',
    });
    expect(other.code).toBe(1);
    await files({ 'sum.ts': SUM.replace('[4, 5]', '[4, 6]') });
    const inputs = await race('./sum.ts#sum', '--vary', 'tree=HEAD,.');
    expect(reasons(inputs.results)['.']).toMatch(/OtherInputsError: its inputs are not those/);
  }, 60_000);

  it('says of each variant why it cannot be measured', async () => {
    await files({ 'sum.ts': SUM });
    const dom = await race('./sum.ts#title', '--vary', 'env=,MODE=x');
    expect(reasons(dom.results)['MODE=x']).toMatch(
      /document is not defined: only browsers have it/,
    );
    expect(dom.code).toBe(1);
    const chance = await race('./sum.ts#chance', '--vary', 'env=,MODE=x');
    expect(reasons(chance.results)['environment as it is']).toMatch(
      /job chance gave .* a workload must give the same result/,
    );
    const flags = await race('./sum.ts#sum', '--vary', 'node-flags=,--no-such-flag');
    expect(reasons(flags.results)['--no-such-flag']).toMatch(/exited with code 9.*bad option/s);
    const runtime = await race('./sum.ts#sum', '--vary', 'runtime=current,node@1');
    expect(reasons(runtime.results)['node@1']).toMatch(/there is no node 1 on this machine/);
    expect(runtime.results.cells.map(({ status }) => status)).toEqual(['ok', 'unavailable']);
    expect(runtime.code).toBe(0);
  }, 60_000);

  it('is refused in a line where it cannot be meant', async () => {
    await files({ 'sum.ts': SUM });
    for (const [args, message] of [
      [['./none.ts#sum', '--vary', 'env=,A=1'], /there is no file '\.\/none\.ts'/],
      [
        ['./sum.ts#sun', '--vary', 'env=,A=1'],
        /sun is no function: the file exports chance, join, sum, title/,
      ],
      [
        ['./sum.ts#sum', '--input', 'x.json', '--vary', 'env=,A=1'],
        /there is no file '.*x\.json' for --input/,
      ],
      [['./sum.ts#sum'], /required option '--vary/],
    ] as const) {
      const { code, stderr } = await loopdyno(['race', ...args], folder);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
    expect(existsSync(join(folder, 'results', 'latest'))).toBe(false);
  });
});
