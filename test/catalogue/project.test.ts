import { mkdtemp, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogueOf } from '#dist/src/catalogue/catalogue.js';
import { ConfigError } from '#dist/src/config/errors.js';
import { loadProject } from '#dist/src/catalogue/project.js';
import { CoreLoop } from '#dist/src/loop/core-loop.js';
import { queue } from '#dist/src/policies/queue/index.js';
import { workers } from '#dist/src/policies/workers/index.js';
import { Histogram } from '#dist/src/stats/histogram.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-config-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function files(texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

const TYPED = {
  'loopdyno.config.ts': `
    import { defineConfig, definePolicy, queue, type LoopPolicy } from 'loopdyno';
    import { lengths } from './work/lengths.js';
    import words from './work/words.json' with { type: 'json' };
    const mine: LoopPolicy = definePolicy({ ...queue, name: 'mine' });
    export default defineConfig({ policies: [mine], workloads: [lengths(words)], seed: 5 });`,
  'work/lengths.ts': `
    import { readFileSync } from 'node:fs';
    import { join } from 'node:path';
    import { defineWorkload, portable } from 'loopdyno';
    enum Unit { Letters }
    const beside = readFileSync(join(import.meta.dirname, 'words.json'), 'utf8').length;
    export const length = portable(import.meta.url, 'length', (_loop, word: string) => ({
      length: word.length as number, unit: Unit.Letters, beside,
    }));
    export function lengths(words: string[]) {
      return defineWorkload({ name: 'lengths', job: length, inputs: words });
    }`,
  'work/words.json': '["a", "bb", "ccc"]',
};

describe('a configuration in TypeScript', () => {
  it('is compiled with what it imports, and shares the running loopdyno', async () => {
    await files(TYPED);
    const project = await loadProject(folder);
    expect(project.settings).toEqual({ seed: 5 });
    const mine = project.policies.find(({ name }) => name === 'mine');
    const loop = await mine?.open();
    expect(loop).toBeInstanceOf(CoreLoop);
    await loop?.close();
    expect(project.workloads.some(({ name }) => name === 'lengths')).toBe(true);
  });

  it('has jobs that run in threads', async () => {
    await files(TYPED);
    const { config } = await loadProject(folder);
    const { workloads } = await catalogueOf(config);
    const lengths = workloads.find(({ name }) => name === 'lengths');
    const digests = new Set<string>();
    for (const policy of [queue, workers]) {
      const loop = await policy.open();
      const setup = { params: {}, seed: 1, facts: {}, latency: new Histogram() };
      const session = await loop.run(() => lengths!.start(loop, setup));
      digests.add(await loop.run(() => session.verify()));
      await loop.run(() => session.batch(10));
      await loop.run(() => session.rest());
      await loop.close();
    }
    expect(digests.size).toBe(1);
  });

  it('may import the TypeScript of a workspace, by all names that TypeScript knows', async () => {
    const shared = (name: string): string =>
      `import { defineWorkload, portable } from 'loopdyno';
       import { half } from '@acme/plain';
       export const job = portable(import.meta.url, 'job', (_loop, n: number) => half(n));
       export const work = defineWorkload({ name: '${name}', job, inputs: [2] });`;
    await files({
      'package.json': '{"type":"module","imports":{"#own/*":"./own/*.ts","#js":"./own/js.mjs"}}',
      'tsconfig.base.json': '{"compilerOptions":{"paths":{"@paths/*":["./own/*"]}}}',
      'tsconfig.json': '{"extends":"./tsconfig.base.json"}',
      'own/a.ts': shared('by-imports'),
      'own/b.ts': shared('by-paths'),
      'own/js.mjs': 'export const budget = "2m";',
      'packages/shared/package.json':
        '{"name":"@acme/shared","type":"module","exports":{".":"./src/index.ts","./more":"./src/more.ts"}}',
      'packages/shared/src/index.ts': `export * from './more.js';`,
      'packages/shared/src/more.ts': shared('by-package'),
      'node_modules/@acme/plain/package.json': '{"type":"module","exports":"./main.js"}',
      'node_modules/@acme/plain/main.js': 'export const half = (n) => n / 2;',
      'loopdyno.config.ts': `import { work as a } from '#own/a';
        import { work as b } from '@paths/b';
        import { work as c } from '@acme/shared';
        import { work as d } from '@acme/shared/more';
        import { budget } from '#js';
        if (c !== d) throw new Error('one file became two modules');
        export default { workloads: [a, b, c], budget };`,
    });
    await symlink('../../packages/shared', join(folder, 'node_modules/@acme/shared'));
    const { workloads, settings, config } = await loadProject(folder);
    const names = workloads.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['by-imports', 'by-paths', 'by-package']));
    expect(settings).toEqual({ budget: '2m' });
    // Its jobs can be found again, by a thread.
    const work = (await catalogueOf(config)).workloads.find(({ name }) => name === 'by-package');
    const loop = await workers.open({ threads: 1 });
    const setup = { params: {}, seed: 1, facts: {}, latency: new Histogram() };
    const session = await loop.run(() => work!.start(loop, setup));
    expect(await loop.run(() => session.verify())).toMatch(/^[0-9a-f]{16}$/);
    await loop.close();
  });

  it('is compiled once, and anew when it changes', async () => {
    await files(TYPED);
    const first = await loadProject(folder);
    expect((await loadProject(folder)).config).toBe(first.config);
    await files({
      'work/lengths.ts': `${TYPED['work/lengths.ts']}\n// changed\nexport const more = 1;`,
    });
    expect((await loadProject(folder)).config).not.toBe(first.config);
    const cache = await readdir(join(folder, 'results', '.cache'));
    expect(cache.every((name) => name.startsWith('config-'))).toBe(true);
  });

  it('may be compiled by two runs at once', async () => {
    await files(TYPED);
    const all = await Promise.all(Array.from({ length: 4 }, () => loadProject(folder)));
    expect(new Set(all.map(({ config }) => config)).size).toBe(1);
  });
});

describe('compiled configurations that are left behind', () => {
  const cache = () => join(folder, 'results', '.cache');
  const days = (n: number) => new Date(Date.now() - n * 24 * 3600 * 1000);

  it('are removed after a day, with what a killed run was making', async () => {
    await files({ ...TYPED, 'results/.cache/other/kept': '' });
    for (const name of ['config-old', '.config-half', 'config-new']) {
      await mkdir(join(cache(), name));
      if (name !== 'config-new') await utimes(join(cache(), name), days(2), days(2));
    }
    const { config } = await loadProject(folder);
    const own = basename(dirname(fileURLToPath(config as string)));
    expect(new Set(await readdir(cache()))).toEqual(new Set([own, 'config-new', 'other']));
  });

  it('are kept from another run while they are in use, however old', async () => {
    await files({ ...TYPED, 'other.config.ts': 'export default {};' });
    const { config } = await loadProject(folder);
    await utimes(dirname(fileURLToPath(config as string)), days(2), days(2));
    await loadProject(folder); // used again
    await loadProject(folder, 'other.config.ts');
    expect((await catalogueOf(config)).workloads.length).toBeGreaterThan(0);
    expect(await readdir(cache())).toHaveLength(2);
  });
});

describe('a policy of a project', () => {
  it('whose probe throws is not available, and says why', async () => {
    await files({
      'loopdyno.config.mjs':
        'export default { policies: [{ name: "x", open() {}, probe() { throw new Error("boom"); } }] }',
    });
    const { policies } = await loadProject(folder);
    expect(await policies.find(({ name }) => name === 'x')?.probe()).toEqual({
      ok: false,
      reason: 'its probe() threw Error: boom',
      remedy: 'let probe() give { ok: false, reason, remedy }',
    });
  });

  it('is available without a probe', async () => {
    await files({
      'loopdyno.config.mjs': 'export default { policies: [{ name: "x", open() {} }] }',
    });
    const { policies } = await loadProject(folder);
    expect(await policies.find(({ name }) => name === 'x')?.probe()).toEqual({ ok: true });
  });
});

describe('a configuration in JavaScript', () => {
  it('is imported where it is', async () => {
    await files({ 'loopdyno.config.mjs': 'export default { budget: "90s", reference: "queue" };' });
    const { settings, config } = await loadProject(folder);
    expect(settings).toEqual({ budget: '90s', reference: 'queue' });
    expect(config).toMatch(/^file:.*\/loopdyno\.config\.mjs$/);
  });

  it('is not needed', async () => {
    const { settings, config, file } = await loadProject(folder);
    expect([settings, config, file]).toEqual([{}, null, null]);
  });
});

describe('what is wrong with a configuration is told with its file', () => {
  const wrong: [string, Record<string, string>, RegExp, string?][] = [
    [
      'unknown key',
      { 'loopdyno.config.mjs': 'export default { bugdet: 3 }' },
      /unknown key 'bugdet': did you mean 'budget'\?/,
    ],
    [
      'wrong value',
      { 'loopdyno.config.mjs': 'export default { budget: "soon" }' },
      /budget takes a time such as 90s.*but it is 'soon'/,
    ],
    [
      'wrong number',
      { 'loopdyno.config.mjs': 'export default { rounds: 0 }' },
      /rounds takes a whole number from 1, but it is 0/,
    ],
    [
      'no default export',
      { 'loopdyno.config.mjs': 'export const x = 1' },
      /its default export is undefined: write `export default/,
    ],
    [
      'it throws',
      { 'loopdyno.config.mjs': 'throw new Error("no luck")' },
      /cannot be loaded: no luck \(.*loopdyno\.config\.mjs:1:7\)/,
    ],
    [
      'syntax',
      { 'loopdyno.config.ts': 'export default {\n  budget: = 3,\n};' },
      /line 2, column 11: Unexpected "="/,
    ],
    [
      'syntax of JavaScript',
      { 'loopdyno.config.mjs': 'export default {\n  budget: = 3,\n};' },
      /line 2, column 11: Unexpected "="/,
    ],
    [
      'loopdyno is not installed, and it is no TypeScript',
      { 'loopdyno.config.mjs': 'import "loopdyno";' },
      /Cannot find package 'loopdyno'.*npm install --save-dev loopdyno/,
    ],
    [
      'a getter that throws',
      { 'loopdyno.config.mjs': 'export default { get seed() { throw "sad"; } }' },
      /cannot be loaded: it threw 'sad'/,
    ],
    [
      'a list instead of an object',
      { 'loopdyno.config.mjs': 'export default []' },
      /its default export is \[\]/,
    ],
    [
      'unknown reference',
      { 'loopdyno.config.mjs': 'export default { reference: "quue" }' },
      /reference is an unknown policy 'quue': did you mean 'queue'\?/,
    ],
    [
      'missing import',
      { 'loopdyno.config.ts': 'import "./gone.js";\nexport default {};' },
      /line 1, column 8: there is no file \.\/gone\.js/,
    ],
    [
      'policy that exists',
      { 'loopdyno.config.mjs': 'export default { policies: [{ name: "uv", open() {} }] }' },
      /there is a policy 'uv' already/,
    ],
    [
      'policy without open',
      { 'loopdyno.config.mjs': 'export default { policies: [{ name: "x" }] }' },
      /policies\[0\] \('x'\): open takes a function, but it is undefined/,
    ],
    [
      'policy without name',
      { 'loopdyno.config.mjs': 'export default { policies: [null] }' },
      /policies\[0\]: takes what definePolicy\(\) gives, but it is null/,
    ],
    [
      'workload without start',
      { 'loopdyno.config.mjs': 'export default { workloads: [{ name: "x", kind: "cpu" }] }' },
      /workloads\[0\] \('x'\): start takes a function, but it is undefined/,
    ],
    [
      'policy whose name cannot be written after a flag',
      { 'loopdyno.config.mjs': 'export default { policies: [{ name: "a, b", open() {} }] }' },
      /policies\[0\] \('a, b'\): name takes letters, digits/,
    ],
    [
      'workload with a wrong parameter',
      {
        'loopdyno.config.mjs':
          'export default { workloads: [{ name: "x", kind: "io", summary: "", start() {}, cases: [{ n: NaN }] }] }',
      },
      /workloads\[0\] \('x'\): cases\[0\]\.n takes a number or a text, but it is NaN/,
    ],
    [
      'workload of an unknown kind',
      {
        'loopdyno.config.mjs':
          'export default { workloads: [{ name: "x", kind: "gpu", start() {} }] }',
      },
      /kind takes one of cpu, io, mixed, but it is 'gpu'/,
    ],
    [
      'program of an unknown workload',
      {
        'loopdyno.config.mjs':
          'export default { programs: [{ name: "x", workloads: ["prmes"], find() {} }] }',
      },
      /program 'x' names an unknown workload 'prmes': did you mean 'primes'\?/,
    ],
    [
      'program without workloads',
      { 'loopdyno.config.mjs': 'export default { programs: [{ name: "x", find() {} }] }' },
      /programs\[0\] \('x'\): workloads takes the names of the workloads that it can do/,
    ],
    [
      'program with the name of a policy',
      {
        'loopdyno.config.mjs':
          'export default { programs: [{ name: "queue", workloads: ["primes"], find() {} }] }',
      },
      /there is a policy 'queue' already/,
    ],
    [
      'policies under programs',
      { 'loopdyno.config.mjs': 'export default { programs: [{ name: "x", open() {} }] }' },
      /programs\[0\] \('x'\): workloads takes/,
    ],
    ['no such file', {}, /there is no such file: `loopdyno init` writes one/, 'other.config.ts'],
  ];
  for (const [what, texts, message, explicit] of wrong) {
    it(what, async () => {
      await files(texts);
      const loading = loadProject(folder, explicit);
      await expect(loading).rejects.toThrow(message);
      await expect(loading).rejects.toBeInstanceOf(ConfigError);
      await expect(loading).rejects.toThrow(folder);
    });
  }
});
