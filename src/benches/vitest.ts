/** In the place of `vitest`: `describe` and `bench`, with the hooks that a benchmark has. Nothing is run here. */
import { format } from 'node:util';
import { list, nothingMeasured } from './list.js';

type Run = () => unknown;

interface Group {
  readonly name: string;
  readonly before: Run[];
  each: boolean;
}

const groups: Group[] = [];

interface BenchOptions {
  readonly setup?: Run;
  readonly now?: unknown;
}

function addBench(name: unknown, run?: unknown, options: BenchOptions | number = {}): void {
  const { setup, now } = typeof options === 'number' ? {} : options;
  const before = [
    ...groups.flatMap((group) => group.before),
    ...(setup === undefined ? [] : [setup]),
  ];
  const clock = now === undefined ? null : 'a clock of its own (now)';
  const cannot = groups.some(({ each }) => each) ? 'beforeEach or afterEach' : clock;
  const names = groups.map((group) => group.name);
  list(names, name, run, { before, cannot });
}

function addGroup(name: unknown, ...rest: unknown[]): void {
  const body = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
  groups.push({ name: String(name), before: [], each: false });
  try {
    body?.();
  } finally {
    groups.pop();
  }
}

/** `describe.each([[1, 2], [3, 4]])('%i and %i', (a, b) => { … })`. */
function eachGroup(cases: readonly unknown[]) {
  return (name: unknown, body: (...values: unknown[]) => void): void => {
    for (const one of cases) {
      const values: unknown[] = Array.isArray(one) ? one : [one];
      // `format` adds what the name does not take.
      const taken = String(name).match(/%[sdifjoOc]/g)?.length ?? 0;
      addGroup(format(String(name), ...values.slice(0, taken)), () => body(...values));
    }
  };
}

const nothing = (): void => {};
const skips = { skip: nothing, todo: nothing };

/** Chosen ones are treated as all others: a race has all of a file. */
export const bench = Object.assign(addBench, {
  ...skips,
  only: addBench,
  skipIf: (skip: unknown) => (skip ? nothing : addBench),
  runIf: (run: unknown) => (run ? addBench : nothing),
});
export const describe = Object.assign(addGroup, {
  ...skips,
  only: addGroup,
  concurrent: addGroup,
  sequential: addGroup,
  shuffle: addGroup,
  each: eachGroup,
  for: (cases: readonly unknown[]) => eachGroup(cases.map((one) => [one])),
  skipIf: (skip: unknown) => (skip ? nothing : addGroup),
  runIf: (run: unknown) => (run ? addGroup : nothing),
});
/** @alias of `describe` */
export const suite = describe;
export const test = Object.assign(nothing, { ...skips, only: nothing });
/** @alias of `test` */
export const it = test;

export function beforeAll(run: Run): void {
  groups.at(-1)?.before.push(run);
}

export function beforeEach(): void {
  const group = groups.at(-1);
  if (group !== undefined) group.each = true;
}

/** @alias of `beforeEach` */
export const afterEach = beforeEach;
export const afterAll = nothing;

/** A benchmark that also tests does so in vitest. */
export const expect = nothingMeasured;
export const vi = nothingMeasured;
