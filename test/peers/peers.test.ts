/**
 * Each peer that can be started here does our work: the same digests, and answers that are whole. Debian:
 * `apt-get install python3-uvloop python3-aiohttp golang-go gcc libuv1-dev libcjson-dev libhttp-parser-dev libssl-dev`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import config from '#dist/bench/peers/loopdyno.config.js';
import type { Results } from '#dist/src/documents/results.js';
import { loopdyno } from '../e2e/command.js';

const file = fileURLToPath(new URL('../../dist/bench/peers/loopdyno.config.js', import.meta.url));

const peers = await Promise.all(
  (config.programs ?? []).map(async (program) => {
    const { name, workloads } = program;
    const found = await program.find();
    if (!found.ok) console.warn(`${name} is not tested: ${found.reason}; ${found.remedy}`);
    return { name, workloads, ok: found.ok };
  }),
);

it('the peers are those of the table', () => {
  expect(peers.map(({ name }) => name)).toEqual(['asyncio', 'uvloop', 'go', 'libuv-c']);
});

const workloads = [...new Set(peers.flatMap((peer) => peer.workloads))];
const able = peers.filter(({ ok }) => ok);
let cells: Results['cells'] = [];
let stderr = '';

/** One run for all of them: they are measured against each other, as in the table. */
beforeAll(async () => {
  if (able.length === 0) return;
  const folder = await mkdtemp(join(tmpdir(), 'loopdyno-peers-'));
  const names = ['queue', ...able.map(({ name }) => name)].join(',');
  const args = ['--config', file, '--policy', names, '--workload', workloads.join()];
  const done = await loopdyno([...args, '--rounds', '1', '--warm-up', '100ms', '--json'], folder);
  stderr = done.stderr;
  ({ cells } = JSON.parse(done.stdout) as Results);
  await rm(folder, { recursive: true, force: true });
}, 240_000);

describe.each(workloads)('%s', (workload) => {
  const asked = peers.filter((peer) => peer.workloads.includes(workload));
  for (const { name, ok } of asked) if (!ok) it.skip(`is done by ${name}`, () => {});
  it.each(asked.filter(({ ok }) => ok))('is done by $name', ({ name }) => {
    const all = cells.filter((cell) => cell.workload === workload);
    const own = all.filter(({ contestant }) => contestant.policy === name);
    expect(own.length).toBeGreaterThan(0);
    expect(
      own.map(({ reason }) => reason),
      stderr,
    ).toEqual(own.map(() => null));
    for (const { params, digest, contestant, rounds, lag, cpuPerJob } of own) {
      const queue = all.find(
        (cell) =>
          cell.contestant.policy === 'queue' &&
          JSON.stringify(cell.params) === JSON.stringify(params),
      );
      expect(digest).toBe(queue?.digest);
      expect(contestant.runtime).toMatch(/\d+\.\d+/);
      expect(lag?.count).toBeGreaterThan(0);
      expect(cpuPerJob?.point).toBeGreaterThan(0);
      expect(rounds).toHaveLength(1);
      for (const { slices, measures, harness, firstJobMs, warm } of rounds) {
        // Every job of the slices was timed, and none of the warm-up.
        expect(sum(measures.latency)).toBe(slices.reduce((jobs, { allJobs }) => jobs + allJobs, 0));
        expect(firstJobMs).toBeGreaterThan(0);
        expect(warm.ms).toBeGreaterThanOrEqual(100);
        expect(harness.sampleUs).toBeGreaterThan(0);
        expect(measures.memory?.peakBytes).toBeGreaterThan(1 << 20);
        for (const { samplesMs } of slices) {
          expect(samplesMs).toEqual(samplesMs.toSorted(ascending));
        }
      }
    }
  });
});

/** Of the counts, which stand at the odd places. */
function sum(counts: readonly number[]): number {
  return counts.reduce((total, value, i) => total + (i % 2 === 1 ? value : 0), 0);
}

function ascending(a: number, b: number): number {
  return a - b;
}
