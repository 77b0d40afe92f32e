/** The configuration of `npm run bench:pool`: every pool does the same work, and measures it in full. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import type { Results } from '#dist/src/documents/results.js';
import { loopdyno } from './command.js';

const config = fileURLToPath(new URL('./bench-pool.config.mjs', import.meta.url));

const OURS = ['workers', 'workers-batch-1', 'processes', 'microtask'];
const THEIRS = ['piscina', 'tinypool', 'poolifier', 'workerpool', 'postMessage'];
const WORKLOADS = ['identity', 'compute', 'mix', 'copied', 'moved'];

/** A few beside the reference in each run: balanced orders of nine have 18 turns of each, those of four have four. */
const RUNS = [
  ['piscina', 'workers', 'workers-batch-1', 'processes'],
  ['piscina', 'microtask', 'tinypool', 'poolifier'],
  ['piscina', 'workerpool', 'postMessage'],
];

const measured: Results['cells'] = [];
let complaints = '';

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loopdyno-bench-pool-'));
  for (const policies of RUNS) {
    const args = ['--config', config, '--workload', WORKLOADS.join(), '--policy', policies.join()];
    const { stdout, stderr } = await loopdyno([...args, '--rounds', '1', '--json'], folder);
    measured.push(...(JSON.parse(stdout) as Results).cells);
    complaints += stderr;
  }
  await rm(folder, { recursive: true, force: true });
}, 240_000);

it('every pool of the configuration is measured', () => {
  expect([...new Set(RUNS.flat())].toSorted(byName)).toEqual([...OURS, ...THEIRS].toSorted(byName));
  expect(measured).toHaveLength(WORKLOADS.length * RUNS.flat().length);
});

it.each(WORKLOADS)('every pool does %s', (workload) => {
  const cells = measured.filter((cell) => cell.workload === workload);
  const reasons = cells.map(({ contestant, reason }) => [contestant.policy, reason]);
  expect(reasons, complaints).toEqual(RUNS.flat().map((name) => [name, null]));
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
});

function byName(a: string, b: string): number {
  return a.localeCompare(b);
}
