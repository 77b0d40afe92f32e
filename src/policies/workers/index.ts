/**
 * `workers`: an executor over worker threads, which piscina starts and ends. A submitted job crosses to a thread as
 * module, export and input; the thread runs it on an inner loop of its own.
 *
 * It pays when a job costs clearly more than the crossing (some µs in a batch, tens of µs alone, and
 * the copy of input and result), and when the machine has cores to spare.
 */
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import type { LoopOptions, LoopPolicy } from '../../loop/policy.js';
import { checkInner, type InnerOption } from '../inner-loop.js';
import { mayOpen } from '../pool/loading.js';
import { checkEnv, checkOptions, type CommonOptions } from '../pool/options.js';
import type { PoolLoop } from '../pool/pool-loop.js';

export interface WorkersOptions extends CommonOptions, InnerOption {
  /** The maximum number of worker threads. Default: the machine's available parallelism. */
  threads?: number;
  /** The number of threads that are started at once and kept. Default: all. */
  minThreads?: number;
  /**
   * How a thread waits for its next job. `sync` spins for at most 0.05 ms and blocks in Atomics.wait, which halts its
   * event loop and is quicker (see docs/pool.md). `async` stays on the event loop. Default `auto`: `sync` until one of
   * its jobs has waited for timers or IO, `async` from then on.
   */
  atomics?: 'auto' | 'sync' | 'async';
  /** The environment of the threads; `SHARE_ENV` of `node:worker_threads` shares this one's. */
  env?: NodeJS.ProcessEnv | symbol;
}

/** A policy whose loops are pools. */
export interface WorkersPolicy extends LoopPolicy<WorkersOptions> {
  open(options?: WorkersOptions & LoopOptions): Promise<PoolLoop>;
}

const ATOMICS = ['auto', 'sync', 'async'];

export const workers: WorkersPolicy = {
  name: 'workers',
  summary: 'submitted jobs go to worker threads (piscina); the rest as under microtask',
  capabilities: { fair: false, step: false, parallel: true, realTime: true },
  probe: async () => ({ ok: true }),
  open: async (options = {}) => {
    await mayOpen();
    const { threads, minThreads, atomics = 'auto', env } = options;
    if (!ATOMICS.includes(atomics)) {
      throw new InvalidArgumentError(
        `atomics takes ${ATOMICS.map(quote).join(', ')}, but got ${quote(atomics)}`,
      );
    }
    if (typeof env !== 'symbol') checkEnv(env);
    const sizes = { name: 'threads', size: threads, minName: 'minThreads', minSize: minThreads };
    const checked = checkOptions(sizes, options);
    const inner = await checkInner(options);
    // Loaded here, so that nobody else pays for it.
    const { Piscina } = await import('piscina');
    const { PoolLoop: Pool } = await import('../pool/pool-loop.js');
    const { Dispatcher } = await import('../pool/dispatcher.js');
    const { Threads } = await import('./thread-link.js');
    const transport = new Threads(Piscina, { ...checked, inner, atomics, env });
    return new Pool(
      workers,
      options,
      checked,
      (onError) => new Dispatcher(transport, checked, onError),
    );
  },
};
