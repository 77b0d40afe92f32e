/** What stands in for other benchmark tools: it lists what they would run. */
import { beforeEach, describe, expect, it } from 'vitest';
import { listed } from '#dist/src/benches/list.js';
import * as mitata from '#dist/src/benches/mitata.js';
import * as node from '#dist/src/benches/node-bench.js';
import { Bench } from '#dist/src/benches/tinybench.js';
import * as vitest from '#dist/src/benches/vitest.js';

const run = (): number => 1;
const seen = () =>
  listed().map(({ name, cannot }) => (cannot === null ? name : `${name}: ${cannot}`));

beforeEach(() => {
  listed().length = 0;
});

describe('the stand-in for tinybench', () => {
  it('lists what is added, and runs nothing', async () => {
    let calls = 0;
    const bench = new Bench({ name: 'text', setup: run });
    bench.add('one', () => calls++).add('two', run, { beforeAll: run });
    expect((await bench.run()).map(({ name }) => name)).toEqual(['one', 'two']);
    expect(bench.table()).toEqual([]);
    // What a file does with its results.
    const { result } = bench.tasks[0] as {
      result: { latency: { mean: number; samples: number[] }; throughput: { mean: number } };
    };
    expect(`${result.latency.mean.toFixed(2)} ${result.throughput.mean + 1}`).toBe('NaN NaN');
    expect([...result.latency.samples]).toEqual([]);
    expect(seen()).toEqual(['text > one', 'text > two']);
    expect(listed().map(({ before }) => before.length)).toEqual([1, 2]);
    expect(calls).toBe(0);
  });

  it('says what cannot be carried over', () => {
    new Bench().add('hooked', run, { beforeEach: run, afterEach: run }).add('fine', run);
    new Bench({ now: run }).add('timed', run);
    expect(seen()).toEqual([
      'hooked: beforeEach, afterEach',
      'fine',
      'timed: a clock of its own (now)',
    ]);
  });
});

describe('the stand-in for vitest', () => {
  it('lists benchmarks with their groups and what comes before them', () => {
    const { bench, describe: group, beforeAll } = vitest;
    group('outer', { concurrent: true }, () => {
      beforeAll(run);
      bench('a', run);
      group('inner', () => bench('b', run, { setup: run }));
      bench.skip();
      bench.todo();
      bench.skipIf(true)('here', run);
      bench.runIf(true)('c', run);
    });
    bench('a', run);
    bench('a', run);
    expect(seen()).toEqual(['outer > a', 'outer > inner > b', 'outer > c', 'a', 'a (2)']);
    expect(listed().map(({ before }) => before.length)).toEqual([1, 2, 1, 0, 0]);
  });

  it('lists a group for each of its cases', () => {
    const { bench, describe: group } = vitest;
    group.each([
      [1, 2],
      ['x', 'y'],
    ])('%s with %s', (a, b) => bench(`${String(a)}${String(b)}`, run));
    group.each(['one'])('of each', () => bench('a', run));
    group.for([[1, 2]])('%j', (pair) => bench(JSON.stringify(pair), run));
    expect(seen()).toEqual(['1 with 2 > 12', 'x with y > xy', 'of each > a', '[1,2] > [1,2]']);
  });

  it('says what cannot be carried over', () => {
    vitest.describe('each', () => {
      vitest.beforeEach();
      vitest.bench('a', run);
    });
    vitest.bench('clock', run, { now: run });
    expect(seen()).toEqual([
      'each > a: beforeEach or afterEach',
      'clock: a clock of its own (now)',
    ]);
  });
});

describe('the stand-in for mitata', () => {
  it('lists benchmarks with their groups, however they are shown', async () => {
    mitata.group('g', () => {
      mitata.summary(() => {
        mitata.bench('a', run).gc?.().baseline?.();
        mitata.bench(run);
      });
    });
    mitata.bench('n $n', function* () {}).range?.();
    await mitata.run();
    expect(seen()).toEqual(['g > a', 'g > run', 'n $n: a generator with computed parameters']);
  });
});

describe('the stand-in for node:bench', () => {
  it('lists benchmarks with their suites, their parameters and what comes before them', () => {
    const { bench, suite, before } = node;
    suite('URL', () => {
      before(run);
      bench('parse', { params: { input: 'short', n: 2 } }, run);
      bench.only(function named() {});
      bench.skip();
      bench('later', { skip: 'not yet' }, run);
      suite('inner', { skip: true }, () => bench('hidden', run));
    });
    const own = node.createRunner();
    own.bench('alone', run);
    own.beforeEach();
    own.bench('hooked', run);
    expect(seen()).toEqual([
      'URL > parse [input="short", n=2]',
      'URL > named',
      'alone',
      'hooked: beforeEach or afterEach',
    ]);
    expect(listed().map(({ before: first }) => first.length)).toEqual([1, 1, 0, 0]);
  });

  /** For some ms, of which a share is measured. */
  const busy = (ms: number): void => {
    for (const until = performance.now() + ms; performance.now() < until;);
  };

  it('runs one as it would be run, and learns how many operations a run has', async () => {
    const indices: number[] = [];
    node.bench('sync', (b) => {
      indices.push(b.index);
      b.start();
      b.end(100);
    });
    node.bench('async', { params: { n: 3 } }, async (b) => {
      b.start();
      await Promise.resolve();
      b.end(Number(b.params['n']));
    });
    for (const each of listed()) for (let i = 0; i < 3; i++) await each.run();
    expect(indices).toEqual([0, 1, 2]);
    expect(listed().map(({ operations }) => operations)).toEqual([100, 3]);
  });

  it('says of one in what it cannot be measured', async () => {
    let operations = 1;
    node.bench('silent', () => {});
    node.bench('ends', (b) => b.end());
    node.bench('records', (b) => b.record());
    node.bench('varies', (b) => {
      b.start();
      b.end(operations++);
    });
    node.bench('prepares', (b) => {
      busy(30);
      b.start();
      busy(10);
      b.end(1);
    });
    const failure = async (nth: number, runs = 1): Promise<unknown> => {
      try {
        for (let i = 0; i < runs; i++) await listed()[nth]?.run();
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(await failure(0)).toBe('it calls no start() and end()');
    expect(await failure(1)).toBe('it calls end() before start()');
    expect(await failure(2)).toMatch(/measures by itself, with record\(\)/);
    expect(await failure(3, 2)).toMatch(/does 2 operations in a run, and 1 before/);
    expect(await failure(4, 2)).toMatch(
      /spends \d\d% of its time outside of start\(\) and end\(\)/,
    );
  });
});
