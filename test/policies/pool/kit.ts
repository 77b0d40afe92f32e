/** What the tests of both pools share: the policies, and the jobs that go wrong. */
import { expect } from 'vitest';
import {
  processes,
  workers,
  type LoopOptions,
  type PoolLoop,
  type PortableJob,
  type ProcessesOptions,
  type SubmitOptions,
  type Task,
  type WorkersOptions,
} from 'loopdyno';

type Options = Omit<WorkersOptions & ProcessesOptions, 'env'> & LoopOptions & { size?: number };

/** The two pools, opened with the same words. */
export const pools = [
  {
    name: 'workers',
    noun: 'worker thread',
    open: ({ size = 2, ...options }: Options = {}) => workers.open({ threads: size, ...options }),
  },
  {
    name: 'processes',
    noun: 'child process',
    open: ({ size = 2, ...options }: Options = {}) =>
      processes.open({ processes: size, ...options }),
  },
] as const;

export type Pool = (typeof pools)[number];

const bench = new URL('../../../dist/bench/pool/settlement/', import.meta.url);

/** A job of `bench/pool/settlement/`, or of the module that is given. */
export function fault(name: string, module = 'faults.js'): PortableJob<unknown, unknown> {
  return { module: new URL(module, bench).href, export: name };
}

/** No fault may take longer to settle, on a machine however busy. */
export const BOUND_MS = 15_000;

/** What became of a task within the bound. */
export async function outcomeOf(task: Task<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, BOUND_MS, new Error(`it did not settle within ${BOUND_MS} ms`));
  });
  const settled = task.then(
    (value) => value,
    (error: unknown) => error,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Opens a pool, runs `body` on it, and closes it; what it reported is the result. */
export async function withPool(
  pool: Pool,
  options: Options,
  body: (
    loop: PoolLoop,
    submit: (name: string, input?: unknown, options?: SubmitOptions) => Task<unknown>,
  ) => Promise<void>,
): Promise<string[]> {
  const reported: string[] = [];
  const onError = (error: unknown, what: string): void =>
    void reported.push(`${what}: ${String(error)}`);
  const loop = await pool.open({ loadTimeout: 1000, ...options, onError });
  let failed: unknown;
  await loop.run(async () => {
    try {
      await body(loop, (name, input, more) => loop.submit(fault(name), input, more));
    } catch (error) {
      failed = error ?? new Error('the body failed');
    }
  });
  await loop.close();
  if (failed !== undefined) throw failed;
  return reported;
}

/** The pool still works: every worker of it. */
export async function expectAlive(loop: PoolLoop): Promise<void> {
  const tasks = [1, 2, 3, 4].map((n) => loop.submit(fault('portableIdentity'), n));
  for (const [i, task] of tasks.entries()) expect(await outcomeOf(task)).toBe(i + 1);
}
