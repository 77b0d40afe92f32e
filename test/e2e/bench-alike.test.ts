/** `npm run bench:alike`, on one case of one policy. */
import { describe, expect, it } from 'vitest';
import { benchProgram } from './command.js';

const alike = benchProgram('known/alike.js');

describe('bench:alike', () => {
  it('counts which intervals of copies of the same code hold 1', async () => {
    const flags = ['--workload', 'primes', '--policy', 'queue', '--rounds', '2', '--json'];
    const { code, stdout, stderr } = await alike(...flags);
    const found = JSON.parse(stdout) as {
      rows: { what: string; holds: number; of: number }[];
      share: { low: number; high: number };
      intervals: { policy: string; low: number; high: number; holds: boolean }[];
    };
    expect(found.rows.map(({ what, of }) => [what, of])).toEqual([
      ['queue', 3],
      ['cpu', 3],
      ['all', 3],
    ]);
    for (const { low, high, holds } of found.intervals) expect(holds).toBe(low <= 1 && 1 <= high);
    const holding = found.intervals.filter(({ holds }) => holds).length;
    expect(found.rows.at(-1)?.holds).toBe(holding);
    expect(code, stderr).toBe(found.share.high >= 0.95 ? 0 : 1);
  }, 60_000);

  it('refuses what it does not understand, in one line', async () => {
    expect(await alike('--policy', 'quue')).toEqual({
      code: 2,
      stdout: '',
      stderr: "there is no copy of 'quue': there are microtask, queue, uv, workers\n",
    });
    expect(await alike('--runs', '0')).toMatchObject({
      code: 2,
      stderr: "--runs is a whole number from 1 on, but got '0'\n",
    });
  });
});
