/** The configuration of `npm run bench:pool`: every pool does the same work, and measures it in full. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Results } from '#dist/src/documents/results.js';
import { loopdyno } from './command.js';

const config = fileURLToPath(new URL('./bench-pool.config.mjs', import.meta.url));

const OURS = ['workers', 'workers-batch-1', 'processes', 'microtask'];
const THEIRS = ['piscina', 'tinypool', 'poolifier', 'workerpool', 'postMessage'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-bench-pool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it.each(['identity', 'compute', 'mix', 'copied', 'moved'])(
  'every pool does %s',
  { timeout: 120_000 },
  async (workload) => {
    const policies = [...OURS, ...THEIRS].join();
    const args = ['--config', config, '--policy', policies, '--workload', workload];
    const { stdout, stderr } = await loopdyno([...args, '--rounds', '1', '--json'], folder);
    const { cells } = JSON.parse(stdout) as Results;
    const reasons = cells.map(({ contestant, reason }) => [contestant.policy, reason]);
    expect(reasons, stderr).toEqual([...OURS, ...THEIRS].map((name) => [name, null]));
    expect(new Set(cells.map(({ digest }) => digest)).size).toBe(1);
    for (const { contestant, rounds, ratio } of cells) {
      expect(ratio?.to).toBe('piscina');
      const [round] = rounds;
      const jobs = round?.slices.reduce((all, { allJobs }) => all + allJobs, 0) ?? 0;
      expect(jobs).toBeGreaterThan(0);
      // Every job of the slices was timed, and none of the warm-up.
      const counts = round?.measures.latency ?? [];
      expect(
        counts.reduce((all, count, i) => (i % 2 === 1 ? all + count : all), 0),
        contestant.policy,
      ).toBe(jobs);
    }
  },
);
