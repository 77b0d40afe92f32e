/** `npm run bench:uv`, one case of it for one round: that it measures, and says so as JSON. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { uv } from 'loopdyno';
import { describe, expect, it } from 'vitest';

const bench = fileURLToPath(new URL('../../dist/bench/uv/bench.js', import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [bench, ...args]);

const possible = process.platform === 'linux' && (await uv.probe()).ok;

describe.skipIf(!possible)('bench:uv', () => {
  // Each contestant warms up for some seconds, one after the other.
  it.each([
    ['echo 1 KiB', 'cpu', ['uv', 'uv-blocking', 'microtask']],
    ['read 4 KiB', 'time', ['uv', 'uv-blocking', 'microtask']],
  ])(
    'measures %s',
    async (name, by, contestants) => {
      const { stdout } = await run('--json', '--rounds', '1', '--only', name);
      const results = JSON.parse(stdout) as {
        rounds: number;
        cases: {
          contestants: { name: string; cpuUs: { point: number } }[];
          ratios: { ratio: { point: number; low: null } }[];
        }[];
      };
      expect(results).toMatchObject({ rounds: 1, cases: [{ case: name, by }] });
      const [found] = results.cases;
      expect(found?.contestants.map((one) => one.name)).toEqual(
        expect.arrayContaining(contestants),
      );
      for (const { cpuUs } of found?.contestants ?? []) expect(cpuUs.point).toBeGreaterThan(0);
      expect(found?.ratios.length).toBeGreaterThan(0);
      for (const { ratio } of found?.ratios ?? []) {
        expect(ratio.point).toBeGreaterThan(0);
        expect(ratio.low).toBe(null); // one round says nothing about the spread
      }
    },
    120_000,
  );

  it('refuses what it does not understand, in one line', async () => {
    const refused = { code: 2, stdout: '' };
    await expect(run('--rounds', 'many')).rejects.toMatchObject({
      ...refused,
      stderr: "--rounds takes a whole number from 1, but got 'many'\n",
    });
    await expect(run('--only', 'pigeons')).rejects.toMatchObject({
      ...refused,
      stderr: expect.stringMatching(/^--only takes a part of a case's name, .*'pigeons'.*\n$/),
    });
  });
});
