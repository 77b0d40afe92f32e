/**
 * One trial in a process of its own. It sends `settled` when the fault has come out, and then `works` when the pool
 * still gives results. The listener sets the time limits.
 */
import { FAULTS, pools, type OpenPool } from './pools.js';
import { trials } from './trials.js';

/** Messages to the parent. The first has the errors as text. */
export type Word =
  { readonly settled: string[]; readonly asExpected: boolean } | { readonly works: boolean };

const [, , name = '', at = ''] = process.argv;
const trial = trials[Number(at)];
const open = pools[name];
if (trial === undefined || open === undefined) throw new Error(`no trial ${at} of ${name}`);

const say = (word: Word): Promise<unknown> =>
  new Promise((resolve) => process.send?.(word, resolve));

const setup = { module: FAULTS, tight: false, none: false, ...trial.setup };
// Keeps the process alive: whether a pool does that is not the question here.
setInterval(() => {}, 1000);
// An error that a pool throws at once, even when it is opened, counts as a rejection.
const openPool = (): OpenPool => {
  const opening = open(setup);
  opening.catch(() => {});
  return {
    close: async () => (await opening).close(),
    run: async (...args) => (await opening).run(...args),
  };
};
const pool = openPool();
const outcomes = await Promise.allSettled(trial.go(pool, openPool));
const wanted = trial.resolves === true ? 'fulfilled' : 'rejected';
await say({
  settled: outcomes
    .slice(0, 10)
    .map((one) => (one.status === 'fulfilled' ? `gave ${String(one.value)}` : String(one.reason))),
  asExpected: trial.resolves === 'or not' || outcomes.every(({ status }) => status === wanted),
});
if (trial.last !== true && setup.module === FAULTS) {
  const { signal } = new AbortController();
  let works = true;
  // One after the other: what ends a worker late may still make the first one fail.
  for (let i = 0; i < 4; i++) {
    const value = await Promise.resolve(pool.run('identity', i, signal)).catch(() => null);
    if (i > 0 && value !== i) works = false;
  }
  await say({ works });
}
process.exit(0);
