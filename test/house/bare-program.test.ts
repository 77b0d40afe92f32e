/** A bare program has nothing of the harness in its process, and does the work that a run does. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { microtask } from '#dist/src/policies/microtask/index.js';
import { loadWorkloads } from '#dist/src/workloads/registry.js';
import { jobsOf } from '#dist/bench/truth/works.js';

const workloads = await loadWorkloads();

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const program = join(dist, 'bench/truth/program.js');

/** Folders of `src` of which nothing may be in a bare program's process. */
const HARNESS =
  /^src\/(analysis|catalogue|cli|config|contestant|documents|fixture|harness|protocol|report|studies)\//;

const IMPORTED = /^(?:import|export)\s+(?:[^;'"]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm;

/** Modules, by their paths in `dist`, and packages that a process may load which starts at these modules. */
function closureOf(entries: readonly string[]): { files: string[]; packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const left = entries.map((name) => pathToFileURL(join(dist, name)).href);
  for (let url = left.pop(); url !== undefined; url = left.pop()) {
    const file = relative(dist, fileURLToPath(url));
    if (files.has(file)) continue;
    files.add(file);
    for (const [, statement, call] of readFileSync(new URL(url), 'utf8').matchAll(IMPORTED)) {
      const name = (statement ?? call) as string;
      if (name.startsWith('.')) left.push(new URL(name, url).href);
      else packages.add(name);
    }
  }
  return { files: [...files], packages: [...packages] };
}

describe('a bare program', () => {
  it('can load no module of the harness, whatever its policy and workload', () => {
    // The second and third are what pools start in their threads and processes.
    const { files, packages } = closureOf([
      'bench/truth/program.js',
      'src/policies/workers/thread.js',
      'src/policies/processes/child.js',
    ]);
    expect(files).toContain('src/workloads/mixed/deferred.js');
    expect(files).toContain('src/policies/uv/index.js');
    expect(files.filter((file) => HARNESS.test(file))).toEqual([]);
    expect(packages).toContain('piscina');
    expect(packages).not.toContain('tinybench');
  });

  const coverage = mkdtempSync(join(tmpdir(), 'loopdyno-bare-'));
  afterAll(() => rmSync(coverage, { recursive: true }));

  it('does a turn and says how far it is, and has loaded no module of the harness then', async () => {
    const stdout = await new Promise<string>((resolve, reject) => {
      // V8 lists the scripts of a process when it is asked what of them was run.
      const child = execFile(
        process.execPath,
        [program, 'queue', 'primes', '{}', '{}', '1'],
        { env: { ...process.env, NODE_V8_COVERAGE: coverage } },
        (error, out) => (error === null ? resolve(out) : reject(error)),
      );
      child.stdin?.end('10\n');
    });
    // The digest; after a fifth; at the goal; and with the three other lanes' last jobs.
    expect(stdout).toMatch(/^[0-9a-f]{16}\n2\n10\n13\n$/);
    const loaded = readdirSync(coverage).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as {
        result: { url: string }[];
      };
      return result
        .map(({ url }) => url)
        .filter((url) => url.startsWith('file:'))
        .map((url) => relative(dist, fileURLToPath(url)));
    });
    expect(loaded).toContain('src/workloads/cpu/primes.js');
    expect(loaded.filter((file) => HARNESS.test(file) || file.includes('tinybench'))).toEqual([]);
  });

  const SERVERS = ['deferred', 'echo', 'echo-into', 'echo-protocol', 'web-socket'];
  const cases = workloads.flatMap((workload) =>
    workload.cases.map((params) => ({ workload, params, name: workload.name })),
  );

  it.each(cases.filter(({ name }) => !SERVERS.includes(name)))(
    'has as many inputs, and as many jobs in flight, as the session of $name $params',
    async ({ workload, params }) => {
      const ports = Array.from({ length: 64 }, (_, i) => i + 1).join();
      const facts = { port: 1, ports, folder: tmpdir(), stepsPerUs: 1 };
      const setup = { params, seed: 1, facts };
      const loop = await microtask.open();
      const latency = { record() {}, add() {} };
      const session = await loop.run(() => workload.start(loop, { ...setup, latency }));
      await loop.close();
      const work = (await jobsOf(workload.name))?.(setup);
      expect(work?.concurrency).toBe(session.concurrency);
      expect(work?.inputs.length).toBe(session.cycle);
    },
  );

  it.each(SERVERS)('runs the server of %s and makes no jobs of its own', async (name) => {
    expect(await jobsOf(name)).toBe(undefined);
  });
});
