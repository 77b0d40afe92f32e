/** In the place of `mitata`: `bench`, and the groups around it. Nothing is run here. */
import { list, nothingMeasured } from './list.js';

const groups: string[] = [];

/** What may follow a benchmark: most of it says how it is shown. */
const CHAIN = ['name', 'compact', 'baseline', 'highlight', 'gc'] as const;
const VARIES = ['args', 'range', 'dense_range'] as const;
type Chain = Record<string, () => Chain>;

export function bench(...given: unknown[]): Chain {
  const run = given.find((each) => typeof each === 'function') as (() => unknown) | undefined;
  const [name = run?.name] = given.filter((each) => typeof each === 'string');
  const isGenerator = /^(Async)?GeneratorFunction$/.test(run?.constructor.name ?? '');
  const need = { cannot: isGenerator ? 'a generator with computed parameters' : null };
  list([...groups], name, run, need);
  const chain: Chain = {};
  for (const each of CHAIN) chain[each] = () => chain;
  // A generator has said so already; without one, the values are given to nobody.
  for (const each of VARIES) chain[each] = () => chain;
  return chain;
}

function within(...given: unknown[]): void {
  const body = given.find((each) => typeof each === 'function') as (() => unknown) | undefined;
  const name = given.find((each) => typeof each === 'string') as string | undefined;
  if (name !== undefined) groups.push(name);
  try {
    body?.();
  } finally {
    if (name !== undefined) groups.pop();
  }
}

export const group = within;
export const summary = within;
export const boxplot = within;
export const barplot = within;
export const lineplot = within;
export const compact = within;

export async function run(): Promise<unknown> {
  return nothingMeasured;
}

export function do_not_optimize<T>(value: T): T {
  return value;
}
