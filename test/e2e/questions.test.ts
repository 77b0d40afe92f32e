/** The commands that answer a question about one workload, by the real command line. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseResults } from '#dist/src/documents/parse-results.js';
import type { WorkersAnswer } from '#dist/src/studies/advise/workers/answer.js';
import { loopdyno } from './command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-e2e-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const MINUTE = 60_000;

describe('sweep', () => {
  it.each([
    [['spin', '--param', 'use=1..2'], "workload 'spin' has no parameter 'use': did you mean 'us'?"],
    [['primes', '--param', 'us=1..2'], "workload 'primes' has no number to vary: try spin"],
    [['spine', '--param', 'us=1..2'], "unknown workload 'spine'"],
    [['spin', '--param', 'us=9..2'], "but got '9..2'"],
    [['spin', '--param', 'us=1..2', '--set', 'io=much'], "but got 'io=much'"],
    [['spin', '--param', 'us=1..2', '--policy', 'queue'], 'name at least two with --policy'],
    [['spin'], "required option '--param"],
  ])('%j is refused in one line', async (args, message) => {
    const { stderr, code } = await loopdyno(['sweep', ...args], folder);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('advise', () => {
  it(
    'measures a workload from a file, and cites the cells of every sentence',
    async () => {
      await writeFile(
        join(folder, 'mine.ts'),
        `import { defineWorkload, portable } from 'loopdyno';
         export const count = portable(import.meta.url, 'count', function* (_loop, { n }: { n: number }) {
           let sum = 0;
           for (let i = 0; i < n; i++) sum = (sum * 31 + i) | 0;
           return String(sum);
         });
         export const mine = defineWorkload({
           name: 'mine', job: count, cases: [{ n: 20000 }],
           inputs: ({ params }) => [{ n: Number(params.n) }],
         });`,
      );
      const { stdout, stderr, code } = await loopdyno(
        ['advise', './mine.ts', '--policy', 'microtask,queue', '--budget', '6s', '--json'],
        folder,
      );
      expect([code, stderr]).toEqual([0, expect.stringContaining('how they were measured')]);
      const { workload, sentences } = JSON.parse(stdout) as {
        workload: string;
        sentences: { topic: string; text: string; cells: string[] }[];
      };
      expect(workload).toBe('mine');
      expect(sentences.map(({ topic }) => topic)).toEqual(
        expect.arrayContaining(['throughput', 'tail', 'size', 'certainty']),
      );
      for (const { text, cells } of sentences) {
        expect(text).toMatch(/\.$/);
        expect(cells.length).toBeGreaterThan(0);
        for (const cell of cells) expect(cell).toMatch(/^mine, n .* · (microtask|queue)$/);
      }
    },
    2 * MINUTE,
  );

  it(
    'says of a function whether workers pay for it, and leaves nothing in its folder',
    async () => {
      await writeFile(
        join(folder, 'count.ts'),
        `export const inputs = [40_000, 50_000];
         export function count(n: number): { n: number; sum: number } {
           let sum = 0;
           for (let i = 0; i < n; i++) sum = (sum * 31 + i) | 0;
           return { n, sum };
         }`,
      );
      const asked = ['advise', './count.ts#count', '--budget', '1s', '--json'];
      const { stdout, stderr, code } = await loopdyno(asked, folder);
      expect([code, stderr]).toEqual([0, expect.stringContaining('how they were measured')]);
      const answer = JSON.parse(stdout) as WorkersAnswer & { sentence: string; results: string[] };
      expect(answer).toMatchObject({ function: './count.ts#count', best: { crossing: 'clone' } });
      expect(answer.sentence).toMatch(
        /yours takes .* with \d threads?\. At .* calls\/s the main thread's p99/,
      );
      expect(answer.call?.ms).toBeGreaterThan(0);
      expect(answer.call?.bytes?.in).toBeGreaterThan(0);
      expect(answer.breakEven?.toMs).toBeGreaterThan(0);
      expect(answer.rows[0]).toMatchObject({ name: 'inline', threads: 0 });
      expect(answer.rows.length).toBeGreaterThanOrEqual(2);
      expect(answer.rows.every(({ reason }) => reason === null)).toBe(true);
      expect(answer.results).toHaveLength(3);
      expect((await readdir(folder)).toSorted()).toEqual(['count.ts', 'results']);
      const cache = await readdir(join(folder, 'results/.cache'));
      expect(cache.filter((name) => name.includes('race-'))).toEqual([]);
    },
    2 * MINUTE,
  );

  it.each([
    [['./f.mjs#f', '--policy', 'queue'], "--policy is of workloads, and './f.mjs#f' is a function"],
    [['./f.mjs#f', '--set', 'n=1'], '--set is of workloads'],
    [['./f.mjs#g'], './f.mjs#g is no function: the file exports f'],
    [['./f.mjs#f', '--input', 'none.json'], 'there is no file'],
    [['primes', '--concurrency', '2'], "--concurrency is of functions, and 'primes' is a workload"],
    [['primes', '--rate', '0'], 'it takes a number above 0'],
  ])('%j is refused in one line', async (args, message) => {
    await writeFile(join(folder, 'f.mjs'), 'export const f = (n) => n; export const inputs = [1];');
    const { stderr, code } = await loopdyno(['advise', ...args], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    [[], 'advise takes a workload, or a file that exports one'],
    [['./none.ts'], "there is no file './none.ts'"],
    [['primes', '--policy', 'queue'], 'name at least two with --policy'],
    [['prime'], "unknown workload 'prime': did you mean 'primes'?"],
  ])('%j is refused', async (args, message) => {
    const { stderr, code } = await loopdyno(['advise', ...args], folder);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('says of a file without a workload what it lacks', async () => {
    await writeFile(join(folder, 'empty.mjs'), 'export const nothing = 1;');
    const { stderr, code } = await loopdyno(['advise', './empty.mjs'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain("'./empty.mjs' exports no workload");
  });
});

describe('an open loop', () => {
  it(
    'is asked for by --rate, and tells the latency in two parts',
    async () => {
      const { stdout, code } = await loopdyno(
        [
          'run',
          '--workload',
          'primes',
          '--policy',
          'microtask,queue',
          '--rate',
          '300',
          '--rounds',
          '1',
        ],
        folder,
      );
      expect(code).toBe(0);
      expect(stdout).toContain('open loop, 300 jobs/s at random (Poisson)');
      expect(stdout).toMatch(/wait p99.*service p99/);
      const results = parseResults(
        await readFile(join(folder, 'results', 'latest', 'results.json'), 'utf8'),
        'results.json',
      );
      expect(results.load).toEqual({ perSecond: 300, arrivals: 'poisson' });
      for (const { latency, wait, service } of results.cells) {
        expect(latency?.count).toBeGreaterThan(200);
        expect(wait?.count).toBe(latency?.count);
        expect(service?.count).toBe(latency?.count);
      }
    },
    MINUTE,
  );

  it('needs a workload, and one that is made of jobs', async () => {
    const alone = await loopdyno(['run', '--rate', '300'], folder);
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('--workload')]);
    const { code, stdout } = await loopdyno(
      ['run', '--workload', 'echo', '--policy', 'queue', '--rate', '300', '--rounds', '1'],
      folder,
    );
    expect(code).toBe(1);
    expect(stdout).toContain('has no open loop');
  });

  it('refuses a bound that is none', async () => {
    const { stderr, code } = await loopdyno(['capacity', 'primes', '--slo', '50ms'], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining("but got '50ms'")]);
  });
});

describe('a look at the work', () => {
  it('traces one batch for Perfetto', async () => {
    const { stdout, stderr, code } = await loopdyno(
      ['trace', 'primes', '--policy', 'queue', '--jobs', '10', '--out', 'primes.json'],
      folder,
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining('perfetto')]);
    expect(stdout.trim()).toBe(join(folder, 'primes.json'));
    const { traceEvents } = JSON.parse(await readFile(join(folder, 'primes.json'), 'utf8')) as {
      traceEvents: { name: string; ph: string; dur?: number }[];
    };
    // The warm-up's thousands of jobs are not in it.
    const steps = traceEvents.filter(({ name, ph }) => name === 'sieve' && ph === 'X');
    expect(steps.length).toBeGreaterThanOrEqual(10);
    expect(steps.length).toBeLessThan(40);
    expect(traceEvents.some(({ name }) => name === 'turn')).toBe(true);
  });

  it('profiles a second of it', async () => {
    const { stdout, code } = await loopdyno(
      ['profile', 'primes', '--policy', 'microtask', '--time', '300ms'],
      folder,
    );
    expect(code).toBe(0);
    const path = join(folder, 'primes-microtask.cpuprofile');
    expect(stdout.trim()).toBe(path);
    const { nodes, samples } = JSON.parse(await readFile(path, 'utf8')) as {
      nodes: { callFrame: { url: string } }[];
      samples: number[];
    };
    expect(samples.length).toBeGreaterThan(100);
    expect(nodes.some(({ callFrame }) => callFrame.url.endsWith('primes.js'))).toBe(true);
  });

  it('leaves nothing behind, and what was there, when the work fails', async () => {
    await writeFile(
      join(folder, 'loopdyno.config.mjs'),
      `export default { workloads: [{ name: 'broken', kind: 'cpu', summary: 'x', cases: [{}],
         start() { throw new Error('it is broken'); } }] };`,
    );
    await writeFile(join(folder, 'old.json'), 'old');
    for (const out of ['new.json', 'old.json']) {
      const asked = ['trace', 'broken', '--policy', 'queue', '--out', out];
      const { stderr, code } = await loopdyno(asked, folder);
      expect([code, stderr]).toEqual([3, expect.stringContaining('it is broken')]);
    }
    expect((await readdir(folder)).toSorted()).toEqual(['loopdyno.config.mjs', 'old.json']);
    expect(await readFile(join(folder, 'old.json'), 'utf8')).toBe('old');
  });

  it('finds a place that cannot be written before the work', async () => {
    const { stderr, code } = await loopdyno(
      ['trace', 'primes', '--policy', 'queue', '--out', 'none/primes.json'],
      folder,
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('cannot write to')]);
  });
});
