/** `loopdyno race`, in a project that knows nothing of loopdyno. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseResults, type Results } from '#dist/src/documents/index.js';
import { isAlive, loopdyno } from './command.js';

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
  const { code, stdout, stderr } = await loopdyno(['race', ...SHORT, ...args], folder);
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
      readdirSync(join(folder, 'results/.cache')).filter((name) => name.includes('race-')),
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

  it('hands its bytes over as a copy, moved and in shared memory', async () => {
    await files({
      'blur.ts': `
        export const inputs = [1, 2, 3].map((seed) => ({ seed, pixels: new Uint8Array(4096).fill(seed) }));
        export function blur({ seed, pixels }: { seed: number; pixels: Uint8Array }) {
          const out = new Uint8Array(pixels.length);
          for (let i = 1; i < out.length; i++) out[i] = (pixels[i]! + pixels[i - 1]! + seed) >> 1;
          return { seed, out };
        }
        export const inPlace = ({ pixels }: { pixels: Uint8Array }) => pixels.map(() => pixels[0]!++)[0];
        export const isBuffer = ({ pixels }: { pixels: Uint8Array }) => String(pixels.buffer instanceof ArrayBuffer);
      `,
    });
    const vary = ['--vary', 'crossing=clone,transfer,shared', '--vary', 'where=workers:2'];
    const { code, results } = await race('./blur.ts#blur', ...vary);
    expect(reasons(results)).toEqual({ clone: null, transfer: null, shared: null });
    expect(new Set(results.cells.map(({ digest }) => digest)).size).toBe(1);
    expect(code).toBe(0);
    // A job with moved bytes has some of its own; shared ones are those of all jobs.
    const changed = await race('./blur.ts#inPlace', ...vary);
    expect(reasons(changed.results)).toMatchObject({ clone: null, transfer: null });
    expect(reasons(changed.results)['shared']).toMatch(
      /must give the same result|answers differently/,
    );
    const seen = await race('./blur.ts#isBuffer', ...vary);
    expect(reasons(seen.results)).toMatchObject({ clone: null, transfer: null });
    expect(reasons(seen.results)['shared']).toMatch(
      /answers differently: input 0: false, not true/,
    );
  }, 60_000);

  it('says of inputs without bytes, and of processes, that there is nothing to move or to share', async () => {
    await files({ 'sum.ts': SUM });
    const sum = await race('./sum.ts#sum', '--vary', 'crossing=clone,transfer,shared');
    const nothing = expect.stringMatching(/its inputs have no bytes that could be moved or shared/);
    expect(reasons(sum.results)).toEqual({ clone: null, transfer: nothing, shared: nothing });
    expect(sum.results.cells.map(({ status }) => status)).toEqual([
      'ok',
      'unavailable',
      'unavailable',
    ]);
    expect(sum.code).toBe(0);
    const processes = ['--vary', 'crossing=clone,shared', '--vary', 'where=processes:1'];
    const { results } = await race('./sum.ts#sum', ...processes);
    expect(reasons(results)['shared']).toMatch(/processes share no memory with this one/);
  }, 60_000);

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
    const same = await race('./sum.ts#sum', '--anchor', 'HEAD');
    expect(reasons(same.results)).toEqual({ HEAD: null, '.': null });
    expect(same.results.reference).toBe('HEAD');
    expect(same.results.race).toMatchObject({ vary: [{ key: 'tree', values: ['HEAD', '.'] }] });
    expect(same.results.race?.anchor).toMatch(/^[0-9a-f]{40}$/);
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
      [['./sum.ts#sum'], /a race needs two variants: --vary runtime=/],
      [['./sum.ts#sum', '--anchor', 'v1', '--vary', 'tree=HEAD,.'], /tree=… is given twice/],
      [
        ['./sum.ts', '--requests', '/', '--vary', 'crossing=clone,shared'],
        /crossing= is of functions/,
      ],
    ] as const) {
      const { code, stderr } = await loopdyno(['race', ...args], folder);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
    expect(existsSync(join(folder, 'results', 'latest'))).toBe(false);
  });
});

/** Of the processes on this machine, those whose command line has this text. */
function running(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isAlive(Number(name)))
    .map((pid) => commandLine(pid))
    .filter((line) => line.includes(text));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it has ended meanwhile
  }
}

describe('a race of a server', () => {
  const SERVER = `
    import { createServer } from 'node:http';
    const { PORT, SAYS = 'hello' } = process.env;
    let count = 0;
    createServer((request, response) => {
      if (request.method === 'POST') {
        let body = '';
        request.on('data', (chunk) => (body += chunk)).on('end', () => response.end(body.toUpperCase()));
      } else if (request.url === '/json') {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ says: SAYS, meta: { count: count++, by: SAYS.length } }));
      } else if (request.url === '/large') {
        for (let i = 0; i < 40; i++) response.write(String(i).repeat(3000));
        response.end();
      } else {
        response.setHeader('x-count', count++);
        response.end(SAYS);
      }
      if (process.env.DIES && count > 50) process.exit(3);
    }).listen(PORT);
  `;
  const WARM = ['--ready', '10s'];

  it('asks it in turns: every request of a file, over connections that are kept', async () => {
    const requests = [
      '/large',
      { path: '/', headers: { accept: 'text/plain' } },
      { method: 'HEAD', path: '/large' },
      { method: 'post', path: '/echo', body: { a: [1, 2] } },
    ];
    await files({ 'server.mjs': SERVER, 'requests.json': JSON.stringify(requests) });
    const args = [
      '--requests',
      'requests.json',
      '--ignore',
      'x-count',
      '--vary',
      'env=,A=1',
      ...WARM,
    ];
    const { code, results } = await race('./server.mjs', ...args);
    expect(reasons(results)).toEqual({ 'environment as it is': null, 'A=1': null });
    expect(code).toBe(0);
    expect(results.race).toMatchObject({ kind: 'server', unit: 'requests', ignored: ['x-count'] });
    for (const { cpuPerJob, latency, memory, throughput } of results.cells) {
      expect(throughput?.point).toBeGreaterThan(0);
      expect(cpuPerJob?.point).toBeGreaterThan(0);
      expect(latency?.count).toBeGreaterThan(100);
      expect(memory?.peakBytes).toBeGreaterThan(10 * 1024 ** 2);
    }
    expect(running(join(folder, 'server.mjs'))).toEqual([]);
  }, 60_000);

  it('takes a command with {port}, a recorded session, and a rate', async () => {
    const entry = (method: string, url: string, text?: string) => ({
      request: {
        method,
        url,
        headers: [
          { name: ':authority', value: 'x' },
          { name: 'accept', value: '*/*' },
        ],
        ...(text === undefined ? {} : { postData: { text } }),
      },
    });
    const har = {
      log: {
        entries: [
          entry('GET', 'https://a.example/large?x=1'),
          entry('POST', 'https://a.example/e', 'abc'),
        ],
      },
    };
    await files({
      'server.mjs': SERVER.replace('PORT,', 'NOBODY,').replace('PORT)', 'process.argv[2])'),
      'seen.har': JSON.stringify(har),
    });
    const { code, results } = await race(
      `'${process.execPath}' server.mjs {port}`,
      '--requests',
      'seen.har',
      '--ignore',
      'x-count',
      '--rate',
      '300',
      '--vary',
      'env=,A=1',
      ...WARM,
    );
    expect(reasons(results)).toEqual({ 'environment as it is': null, 'A=1': null });
    expect(code).toBe(0);
    expect(results.load).toMatchObject({ perSecond: 300 });
    expect(results.cells[0]?.wait?.count).toBeGreaterThan(100);
  }, 60_000);

  it('says where two answer differently, and what may differ', async () => {
    await files({ 'server.mjs': SERVER });
    const vary = ['--vary', 'env=,SAYS=goodbye', ...WARM];
    const body = await race('./server.mjs', '--requests', '/', '--ignore', 'x-count', ...vary);
    expect(body.code).toBe(1);
    expect(reasons(body.results)).toEqual({
      'environment as it is': null,
      'SAYS=goodbye':
        'answers differently: GET /: body: goodbye, not body: hello, as environment as it is does',
    });
    const each = await race('./server.mjs', '--requests', '/json', ...vary);
    expect(reasons(each.results)['environment as it is']).toMatch(
      /it answers GET \/json differently each time: body: .*"count":0.*, then body: .*"count":1.*--ignore/,
    );
    const ignore = ['--ignore', 'body.meta', '--ignore', '/hello|goodbye/'];
    const same = await race('./server.mjs', '--requests', '/json', ...ignore, ...vary);
    expect(reasons(same.results)).toEqual({ 'environment as it is': null, 'SAYS=goodbye': null });
  }, 90_000);

  it('says of a server that it never listens, dies, or leaves a port open', async () => {
    await files({
      'server.mjs': SERVER,
      'silent.mjs': `if (!process.env.FINE) setInterval(() => {}, 1000); else await import('./server.mjs');`,
      'dead.mjs': `if (process.env.FINE) await import('./server.mjs'); else throw new Error('no database');`,
      'stray.mjs': `
        import { spawn } from 'node:child_process';
        if (process.env.FINE) await import('./server.mjs');
        else spawn('sh', ['-c', '"$0" server.mjs &', process.execPath], { detached: true, stdio: 'ignore' });
        setInterval(() => {}, 1000);`,
    });
    const asked = ['--requests', '/large', '--vary', 'env=FINE=1,FINE=', '--ready', '6s'];
    // They wait for most of the time, and go side by side.
    const broken = Promise.all(
      (
        [
          [
            'silent',
            /the server did not listen on port \d+ within 6 s: let it take the port from PORT/,
          ],
          ['dead', /the server exited with code 1 before it listened; it printed: .*no database/s],
          [
            'stray',
            /left behind: port \d+ is open after the server has ended: 1 of its processes stayed/,
          ],
        ] as const
      ).map(async ([file, reason]) => {
        const { code, results } = await race(`./${file}.mjs`, ...asked);
        expect(reasons(results)['FINE=']).toMatch(reason);
        expect(reasons(results)['FINE=1']).toBe(null);
        expect(code).toBe(1);
      }),
    );
    const [dies] = await Promise.all([
      race(
        './server.mjs',
        '--requests',
        '/',
        '--ignore',
        'x-count',
        '--vary',
        'env=,DIES=1',
        ...WARM,
      ),
      broken,
    ]);
    for (const file of ['server', 'silent', 'dead', 'stray']) {
      expect(running(`${file}.mjs`)).toEqual([]);
    }
    expect(reasons(dies.results)['DIES=1']).toMatch(
      /exited with code 3|closed the connection before its end/,
    );
  }, 180_000);

  it('is refused in a line where the requests are wrong', async () => {
    await files({
      'server.mjs': SERVER,
      'empty.json': '[]',
      'wrong.json': '[{ "path": "no slash" }]',
      'text.json': 'GET /',
    });
    for (const [args, message] of [
      [[], /may be a function or a server: name the function.*or give --requests/],
      [['--requests', 'none.json'], /there is no file 'none\.json' for --requests/],
      [['--requests', 'empty.json'], /empty\.json: it is \[\]: takes at least one request/],
      [['--requests', 'wrong.json'], /wrong\.json: .*'no slash': takes a path that begins with \//],
      [['--requests', 'text.json'], /'text\.json' is no JSON/],
      [['--requests', '/', '--ignore', 'a b'], /--ignore takes a header's name.*but got 'a b'/],
      [['--requests', '/', '--ignore', '/(/'], /--ignore \/\(\/: Invalid regular expression/],
      [['--requests', '/', '--vary', 'where=inline,workers:1'], /where= is of functions/],
    ] as const) {
      const { code, stderr } = await loopdyno(
        ['race', './server.mjs', ...args, '--vary', 'env=,A=1'],
        folder,
      );
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
  });
});

describe('a race of a command', () => {
  it('runs it whole, in pairs, and compares what it prints', async () => {
    await files({ 'build.mjs': `console.log('built', process.argv[2] ?? 'all');` });
    const run = `'${process.execPath}' build.mjs`;
    const { code, results } = await race(run, '--vary', 'env=,A=1', '--rounds', '4');
    expect(reasons(results)).toEqual({ 'environment as it is': null, 'A=1': null });
    expect(code).toBe(0);
    expect(results.race).toMatchObject({ kind: 'command', unit: 'runs' });
    const [plain, other] = results.cells;
    // AB BA AB BA, a run each
    expect(plain?.rounds.map(({ position }) => position).toSorted()).toEqual([0, 0, 1, 1]);
    expect(plain?.rounds.map(({ position }) => 1 - position)).toEqual(
      other?.rounds.map(({ position }) => position),
    );
    expect(plain?.throughput?.point).toBeLessThan(1000);
    expect(other?.ratio?.low).not.toBe(null);
  });

  it('says that it fails, prints something else, never ends, or leaves something behind', async () => {
    await files({
      'flaky.mjs': `
        import { existsSync, readFileSync, writeFileSync } from 'node:fs';
        const times = existsSync('times') ? Number(readFileSync('times', 'utf8')) : 0;
        writeFileSync('times', String(times + 1));
        if (times === 5) throw new Error('the fifth is one too many');`,
      'prints.mjs': `console.log('took', process.hrtime.bigint() + 'ns');`,
      'differs.mjs': `console.log('mode', process.env.A);`,
      'hangs.mjs': `setInterval(() => {}, 1000);`,
      'strays.mjs': `
        import { spawn } from 'node:child_process';
        spawn('sh', ['-c', '"$0" hangs.mjs &', process.execPath], { detached: true, stdio: 'ignore' }).unref();`,
    });
    const raced = (file: string, ...args: string[]) =>
      race(`'${process.execPath}' ${file}.mjs`, '--vary', 'env=A=1,A=2', '--rounds', '3', ...args);
    const [flaky, prints, ignored, differs, hangs, strays] = await Promise.all([
      raced('flaky'),
      raced('prints'),
      raced('prints', '--ignore', '/\\d+ns/'),
      raced('differs'),
      raced('hangs', '--timeout', '1s'),
      raced('strays'),
    ]);
    expect(Object.values(reasons(flaky.results)).filter((reason) => reason !== null)).toEqual([
      expect.stringMatching(/^run 3 exited with status 1; it printed: .*one too many/s),
    ]);
    expect(flaky.code).toBe(1);
    expect(reasons(prints.results)['A=1']).toMatch(
      /run 2 prints 'took \d+ns', and 'took .*--ignore output/,
    );
    expect(reasons(ignored.results)).toEqual({ 'A=1': null, 'A=2': null });
    expect(reasons(differs.results)).toEqual({
      'A=1': null,
      'A=2': expect.stringMatching(/run 1 prints 'mode 2', where A=1 prints 'mode 1'/),
    });
    expect(reasons(hangs.results)['A=1']).toMatch(/run 1 did not end within 1 s/);
    expect(strays.code).toBe(0);
    expect(running('hangs.mjs')).toEqual([]);
  }, 60_000);

  it('takes the place of the runtime from {runtime}', async () => {
    await files({ 'version.mjs': `console.log(1);` });
    const vary = ['--vary', `runtime=current,${process.execPath}`];
    const { code } = await race('{runtime} version.mjs', ...vary);
    expect(code).toBe(0);
    const refused = await loopdyno(['race', 'node version.mjs', ...vary], folder);
    expect(refused.stderr).toMatch(
      /runtime= needs to know where the runtime is in 'node version\.mjs'/,
    );
    expect(refused.code).toBe(2);
  });
});

describe('a race of bench files', () => {
  it('takes them as they are: vitest, tinybench, mitata and node:bench, TypeScript and CommonJS', async () => {
    await files({
      'src/sum.ts': `export const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);`,
      'bench/sum.bench.ts': `
        import { sum } from '../src/sum.js';
        describe('sum', () => { bench('three', () => { sum([1, 2, 3]); }); });`,
      'bench/tiny.bench.cjs': `
        const { Bench } = require('tinybench');
        const { readFileSync } = require('node:fs');
        const { join } = require('node:path');
        const own = readFileSync(join(__dirname, 'tiny.bench.cjs'), 'utf8');
        const bench = new Bench();
        bench.add('own', async () => own.length).add('each', () => {}, { beforeEach() {} });
        bench.run().then(() => console.log(bench.tasks[0].result.latency.mean));`,
      'bench/mitata.bench.mjs': `
        import { bench, group, run, do_not_optimize } from 'mitata';
        group('json', () => { bench('parse', () => do_not_optimize(JSON.parse('[1]'))); });
        await run();
        process.exit(0);`,
      'bench/node.bench.mjs': `
        import { bench, suite } from 'node:bench';
        suite('url', () => {
          bench('parse', { params: { size: 'short' } }, (b) => {
            b.start();
            for (let i = 0; i < 50; i++) new URL('https://example.com/' + i);
            b.end(50);
          });
          bench('prepares', (b) => {
            for (let i = 0; i < 5000; i++) new URL('https://example.com/' + i);
            b.start();
            b.end();
          });
        });`,
      'bench/throws.bench.mjs': `import 'tinybench'; throw new Error('no data file');`,
      'bench/empty.bench.mjs': `export {};`,
      '.gitignore': 'results',
    });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    const { code, results } = await race('./bench/*.bench.*', '--vary', 'tree=HEAD,.');
    const rows = results.cells.map(({ workload, contestant, status, reason }) =>
      [workload, contestant.policy, status, reason?.replace(/\d+%/, 'N%') ?? ''].join(' | '),
    );
    const both = (row: string): string[] => [row.replace('$', 'HEAD'), row.replace('$', '.')];
    expect(rows).toEqual(
      [
        ...both(
          'bench/empty.bench.mjs | $ | unavailable | it has no benchmark of tinybench, vitest, mitata, node:bench: mend the file, or race others',
        ),
        ...both('bench/mitata.bench.mjs > json > parse | $ | ok | '),
        ...both('bench/node.bench.mjs > url > parse [size="short"] | $ | ok | '),
        ...both(
          'bench/node.bench.mjs > url > prepares | $ | failed | SampleError: it spends N% of its time outside of start() and end(), which would be measured, too',
        ),
        ...both('bench/sum.bench.ts > sum > three | $ | ok | '),
        ...both('bench/throws.bench.mjs | $ | failed | Error: no data file'),
        ...both(
          'bench/tiny.bench.cjs > each | $ | unavailable | it has beforeEach, which cannot be carried over: race the others',
        ),
        ...both('bench/tiny.bench.cjs > own | $ | ok | '),
      ].toSorted((a, b) => rows.indexOf(a) - rows.indexOf(b)),
    );
    expect(results.race).toMatchObject({ kind: 'benches', unit: 'calls' });
    const parse = results.cells.find(({ workload }) => workload.includes('url > parse'));
    expect(parse?.params).toMatchObject({ operations: 50 });
    expect(code).toBe(1);
  }, 90_000);

  it('is refused in a line where there is none', async () => {
    const { code, stderr } = await loopdyno(
      ['race', './bench/*.bench.ts', '--vary', 'env=,A=1'],
      folder,
    );
    expect(stderr).toMatch(/there is no file '\.\/bench\/\*\.bench\.ts'/);
    expect(code).toBe(2);
  });
});

describe('a race of trees', () => {
  it('has a row with the reason where a tree does not build', async () => {
    const manifest = (build: string): string =>
      JSON.stringify({ name: 'x', version: '1.0.0', type: 'module', scripts: { build } });
    await files({ 'package.json': manifest('echo no compiler; exit 7'), '.gitignore': 'results' });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    await files({ 'package.json': manifest('true') });
    const { code, results } = await race('echo built', '--vary', 'tree=.,HEAD');
    expect(results.cells.map(({ status }) => status)).toEqual(['ok', 'unavailable']);
    expect(reasons(results)['HEAD']).toMatch(
      /cannot be built: `npm run build.*` ended with status 7/,
    );
    expect(code).toBe(0);
    const { stderr, code: unknown } = await loopdyno(
      ['race', 'echo', '--vary', 'tree=.,nix'],
      folder,
    );
    expect(stderr).toMatch(/git knows no commit 'nix' here/);
    expect(unknown).toBe(2);
  });
});
