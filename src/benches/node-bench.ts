/**
 * In the place of `node:bench`: `bench`, `suite` and their hooks. Nothing is run here.
 *
 * There, a benchmark says by itself what is measured: `start()` … `end(operations)`. Here a run of it is measured whole,
 * so one that spends its time outside of that is refused.
 */
import { list, nothingMeasured, type Listed } from './list.js';

type Run = (context: Sample) => unknown;
type Params = Readonly<Record<string, unknown>>;

interface Group {
  readonly name: string;
  readonly before: (() => unknown)[];
  each: boolean;
}

interface Options {
  readonly skip?: unknown;
  readonly params?: Params;
}

/** The benchmark does not do what `node:bench` asks of it, or what cannot be measured here. */
class SampleError extends Error {
  override name = 'SampleError';
}

/**
 * A share of the time that may lie outside of `start()` and `end()` in most runs, once a benchmark has run for so many ms.
 * Not in all of them: the machine may take the core at any moment.
 */
const MOST_OUTSIDE = 0.25;
const TOLD_MS = 50;

/** What a benchmark is given. */
class Sample {
  readonly name: string;
  readonly params: Params;
  readonly index: number;
  readonly phase = 'measurement';
  operations: number | null = null;
  ms = 0;
  private began: number | null = null;

  constructor(name: string, params: Params, index: number) {
    this.name = name;
    this.params = params;
    this.index = index;
  }

  /** Made for those who ask for it: it takes longer than a short run. */
  get signal(): AbortSignal {
    return new AbortController().signal;
  }

  start(): void {
    this.began = performance.now();
  }

  end(operations = 1): unknown {
    if (this.began === null) throw new SampleError('it calls end() before start()');
    this.ms = performance.now() - this.began;
    this.operations = operations;
    return nothingMeasured;
  }

  record(): never {
    throw new SampleError('it measures by itself, with record(), which cannot be carried over');
  }
}

/** `bench` and `suite` take a name, options and a function, of which only the function must be there. */
function partsOf(given: readonly unknown[]) {
  const run = given.find((each) => typeof each === 'function') as Run | undefined;
  const name = given.find((each) => typeof each === 'string') ?? run?.name;
  const options = given.find((each) => typeof each === 'object' && each !== null);
  return { name: String(name), run, options: (options ?? {}) as Options };
}

function runner() {
  const top: Group = { name: '', before: [], each: false };
  const groups = [top];
  const inner = (): Group => groups.at(-1) as Group;

  const addBench = (...given: readonly (string | Options | Run)[]): void => {
    const { name, run, options } = partsOf(given);
    const { skip, params = {} } = options;
    if (run === undefined || (skip !== undefined && skip !== false)) return;
    const values = Object.entries(params).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
    const title = values.length === 0 ? name : `${name} [${values.join(', ')}]`;
    const cannot = groups.some(({ each }) => each) ? 'beforeEach or afterEach' : null;
    const entry = list(
      groups.slice(1).map((group) => group.name),
      title,
      () => once(),
      {
        before: groups.flatMap(({ before }) => before),
        cannot,
      },
    );
    const once = sampled(run, { name, params }, entry);
  };

  const addSuite = (...given: readonly (string | Options | (() => void))[]): void => {
    const { name, run, options } = partsOf(given);
    if (options.skip !== undefined && options.skip !== false) return;
    groups.push({ name, before: [], each: false });
    try {
      (run as (() => void) | undefined)?.();
    } finally {
      groups.pop();
    }
  };

  const each = (): void => void (inner().each = true);
  const bench = Object.assign(addBench, { skip: nothing, only: addBench });
  const suite = Object.assign(addSuite, { skip: nothing, only: addSuite });
  return {
    bench,
    suite,
    describe: suite,
    before: (run: () => unknown): void => void inner().before.push(run),
    after: nothing,
    beforeEach: each,
    afterEach: each,
    run: () => nothingMeasured,
  };
}

const nothing = (): void => {};

/** Runs it once, and looks at what it said of itself. */
function sampled(
  run: Run,
  { name, params }: { name: string; params: Params },
  entry: Listed | null,
): () => unknown {
  const spent = { ms: 0, within: 0, runs: 0, outside: 0 };
  let index = 0;
  const told = ({ operations, ms }: Sample, began: number): void => {
    if (operations === null) throw new SampleError('it calls no start() and end()');
    if (entry !== null) {
      if (index > 1 && operations !== entry.operations) {
        throw new SampleError(
          `it does ${operations} operations in a run, and ${entry.operations} before: let it do as many each time`,
        );
      }
      entry.operations = operations;
    }
    const took = performance.now() - began;
    spent.ms += took;
    spent.within += ms;
    spent.runs++;
    if (took - ms > MOST_OUTSIDE * took) spent.outside++;
    if (spent.ms < TOLD_MS || spent.outside <= spent.runs / 2) return;
    const outside = 1 - spent.within / spent.ms;
    throw new SampleError(
      `it spends ${Math.round(outside * 100)}% of its time outside of start() and end(), which would be measured, too`,
    );
  };
  return () => {
    const sample = new Sample(name, params, index++);
    const began = performance.now();
    const returned = run(sample);
    if (returned instanceof Promise) return returned.then(() => told(sample, began));
    told(sample, began);
    return undefined;
  };
}

export const { bench, suite, describe, before, after, beforeEach, afterEach, run } = runner();
/** @alias of `runner` */
export const createRunner = runner;
export const runFile = (): unknown => nothingMeasured;
