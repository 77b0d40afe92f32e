/** The faults of `npm run pool:settlement`, and the required outcome of each. */
import type { OpenPool, Setup } from './pools.js';

export interface Trial {
  readonly what: string;
  readonly setup?: Partial<Setup>;
  /** The promises that must settle. */
  go(pool: OpenPool): PromiseLike<unknown>[];
  /** If absent, all promises must be rejected. */
  readonly resolves?: true;
  /** The pool is closed afterwards, or can only run what is broken. */
  readonly last?: true;
}

const never = new AbortController().signal;

/** One job with that name. */
const job =
  (name: string, input?: unknown) =>
  (pool: OpenPool): PromiseLike<unknown>[] => [pool.run(name, input, never)];

/** Jobs that are aborted a moment after submission. */
const aborted =
  (...names: string[]) =>
  (pool: OpenPool): PromiseLike<unknown>[] => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    return names.map((name) => pool.run(name, undefined, controller.signal));
  };

const broken = (name: string): Pick<Trial, 'setup' | 'go'> => ({
  setup: { module: `./broken/${name}.js` },
  go: job('job'),
});

export const trials: readonly Trial[] = [
  { what: 'the job throws', go: job('throws') },
  { what: 'it throws an error that cannot be copied', go: job('throwsWeird') },
  { what: 'it calls process.exit', go: job('exits') },
  { what: 'an uncaught error beside it', go: job('throwsBeside') },
  { what: 'an unhandled rejection beside it', go: job('rejectsBeside') },
  { what: 'an uncaught error after it', go: job('throwsAfter'), resolves: true },
  { what: 'out of memory', setup: { tight: true }, go: job('fillsMemory') },
  { what: 'the module throws at load', ...broken('throws') },
  { what: 'the module waits for ever at load', ...broken('waits') },
  { what: 'the module computes for ever at load', ...broken('spins') },
  { what: 'the module does not exist', ...broken('no-such') },
  { what: 'the export does not exist', go: job('noSuchExport') },
  { what: 'the input cannot be copied', go: job('identity', { call: () => 1 }) },
  { what: 'the result cannot be copied', go: job('givesFunction') },
  { what: 'a getter of the result throws', go: job('givesThrowingGetter') },
  { what: 'aborted while it waits, and in the queue', go: aborted('waits', 'waits') },
  { what: 'aborted while it computes', go: aborted('spins') },
  {
    what: 'no worker is kept, and one exits',
    setup: { none: true },
    go: (pool) => ['exits', 'exits', 'throws'].map((name) => pool.run(name, undefined, never)),
  },
  {
    what: 'the pool is closed with work in flight',
    last: true,
    go(pool) {
      const running = ['waits', 'spins', 'waits'].map((name) => pool.run(name, undefined, never));
      setTimeout(() => void Promise.resolve(pool.close()).catch(() => {}), 300);
      return running;
    },
  },
];
