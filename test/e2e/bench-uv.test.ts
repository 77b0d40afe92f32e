/** The configuration of `npm run bench:uv`: what is ours in it does the same work, on a blocking loop too. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { uv } from 'loopdyno';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Results } from '#dist/src/documents/results.js';
import { loopdyno } from './command.js';

const config = fileURLToPath(new URL('../../dist/bench/uv/loopdyno.config.js', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-bench-uv-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!(await uv.probe()).ok)('bench:uv', () => {
  it('measures echo, read and task-switch', { timeout: 120_000 }, async () => {
    const names = ['microtask', 'uv', 'uv-blocking'];
    const args = ['--config', config, '--policy', names.join()];
    args.push('--workload', 'echo,read,task-switch');
    const { stdout, stderr } = await loopdyno([...args, '--rounds', '1', '--json'], folder);
    const { cells } = JSON.parse(stdout) as Results;
    const rows = cells.map(({ workload, contestant, reason }) => [
      workload,
      contestant.policy,
      reason,
    ]);
    const expected = ['echo', 'echo', 'echo', 'read', 'read', 'task-switch'].flatMap((workload) =>
      names.map((name) => [workload, name, null]),
    );
    expect(rows, stderr).toEqual(expected);
    for (const { workload, contestant, params, digest, cpuPerJob, ratio } of cells) {
      expect(cpuPerJob?.point).toBeGreaterThan(0);
      const [reference] = cells.filter(
        (other) => other.workload === workload && isDeepStrictEqual(other.params, params),
      );
      expect(digest).toBe(reference?.digest);
      if (contestant.policy === 'microtask') continue;
      expect(ratio?.point).toBeGreaterThan(0);
      expect(ratio?.low).toBeNull(); // one round says nothing about the spread
    }
  });
});
