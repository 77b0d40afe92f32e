/** The configuration of `npm run bench:uv`: what is ours in it does the same work, on a blocking loop too. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  it.each(['echo', 'read', 'task-switch'])('measures %s', { timeout: 60_000 }, async (workload) => {
    const args = ['--config', config, '--policy', 'uv,uv-blocking', '--workload', workload];
    const { stdout, stderr } = await loopdyno(
      [...args, '--rounds', '1', '--warm-up', '100ms', '--json'],
      folder,
    );
    const { cells } = JSON.parse(stdout) as Results;
    expect(
      cells.map(({ reason }) => reason),
      stderr,
    ).toEqual(cells.map(() => null));
    for (const { cpuPerJob } of cells) expect(cpuPerJob?.point).toBeGreaterThan(0);
  });
});
