/**
 * `workers`: an executor over worker threads, on piscina. A submitted job crosses as
 * `{ module, export, input }` to a thread, which runs it on an inner `microtask` loop of its own;
 * `spawn`, timers and IO of the outer loop stay on this thread, on V8's microtask queue.
 *
 * It pays when a job costs clearly more than the crossing (tens of µs, and the copy of input and
 * result), and when the machine has cores to spare.
 */
import { availableParallelism } from 'node:os';
import type { LoopOptions, LoopPolicy } from '../../loop/policy.js';
import { InvalidArgumentError, quote } from '../../loop/errors.js';
import { WorkersLoop } from './workers-loop.js';

export interface WorkersOptions {
  /** Worker threads, started at once and kept. Default: the machine's available parallelism. */
  threads?: number;
}

export const workers: LoopPolicy<WorkersOptions> = {
  name: 'workers',
  summary: 'submitted jobs go to worker threads (piscina); the rest as under microtask',
  capabilities: { fair: false, step: false, parallel: true, realTime: true },
  probe: async () => ({ ok: true }),
  open: async (options: WorkersOptions & LoopOptions = {}) => {
    const { threads = availableParallelism() } = options;
    if (!Number.isInteger(threads) || threads < 1) {
      throw new InvalidArgumentError(
        `threads takes a whole number from 1, but got ${quote(threads)}: leave it out for one per core`,
      );
    }
    // Loaded here, so that nobody else pays for it.
    const { Piscina } = await import('piscina');
    return new WorkersLoop(workers, options, Piscina, threads);
  },
};
