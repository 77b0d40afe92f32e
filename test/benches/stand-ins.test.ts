/** What stands in for other benchmark tools: it lists what they would run. */
import { beforeEach, describe, expect, it } from 'vitest';
import { listed } from '#dist/src/benches/list.js';
import * as mitata from '#dist/src/benches/mitata.js';
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
