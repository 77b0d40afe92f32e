/** The faults of `npm run pool:settlement`, and the required outcome of each. */
import type { OpenPool, Setup } from './pools.js';

export interface Trial {
  readonly what: string;
  readonly setup?: Partial<Setup>;
  /** The promises that must settle. `open` opens another pool of the same sort. */
  go(pool: OpenPool, open: () => OpenPool): PromiseLike<unknown>[];
  /** Whether all promises must be resolved, or may be either; if absent, all must be rejected. */
  readonly resolves?: true | 'or not';
  /** The pools that have such workers, if not all do. */
  readonly only?: readonly string[];
  /** The time limit, in ms, where it is not the usual one. */
  readonly boundMs?: number;
  /** The pool is closed afterwards, or can only run what is broken. */
  readonly last?: true;
}

/** A signal of its own: one for 10,000 jobs would have a list of 10,000 listeners. */
const unaborted = (): AbortSignal => new AbortController().signal;
const never = unaborted();

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
  { what: 'aborted while it blocks in Atomics.wait', go: aborted('blocks') },
  {
    what: 'it exits amid 10,000 jobs',
    resolves: 'or not',
    boundMs: 60_000,
    go: (pool) =>
      Array.from({ length: 10_000 }, (_, i) =>
        pool.run('exitsOnMinusOne', i === 5000 ? -1 : i, unaborted()),
      ),
  },
  {
    what: 'another pool has the same job, and its worker exits',
    resolves: true,
    go(pool, open) {
      const other = open();
      void Promise.allSettled([other.run('exits', undefined, never)]);
      return Array.from({ length: 4 }, (_, i) =>
        pool.run('later', { ms: 100 * i, value: i }, never),
      );
    },
  },
  {
    what: '10,000 jobs, and kill -9 of a worker every 100 ms',
    only: ['processes'],
    resolves: 'or not',
    boundMs: 90_000,
    go(pool) {
      const killed = new Set<unknown>();
      let pid: number | null = null;
      const timer = setInterval(() => {
        if (pid === null) return;
        killed.add(pid);
        process.kill(pid, 'SIGKILL');
        pid = null; // until another one has answered
      }, 100);
      const answered = (from: unknown): void => {
        if (!killed.has(from)) pid = from as number;
      };
      const all = Array.from({ length: 10_000 }, () =>
        pool.run('whichProcess', undefined, unaborted()),
      );
      for (const one of all) one.then(answered, () => {});
      void Promise.allSettled(all).then(() => clearInterval(timer));
      return all;
    },
  },
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
