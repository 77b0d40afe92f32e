/** The other pools, each with `threads` threads, and otherwise with their defaults as far as possible. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Send } from './buffers.js';

/** Runs a job of `jobs.ts`, in the way in which the pool is meant to be used. */
export type Run = (job: string, input: unknown) => PromiseLike<unknown>;

export interface OtherPool {
  readonly run: Run;
  /** Runs `touch` on bytes; a pool that cannot move a result copies it. */
  readonly send: Send;
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const touchJob = (moves: boolean): string => (moves ? 'touchAndMove' : 'touch');

/** Names are those of the packages. No pool is closed: its threads end with the process. */
export const pools: Readonly<Record<string, (threads: number) => Promise<OtherPool>>> = {
  async piscina(threads) {
    const { Piscina } = await import('piscina');
    const filename = path('./theirs/piscina.js');
    const pool = new Piscina({ filename, minThreads: threads, maxThreads: threads });
    return {
      run: (name, input) => pool.run(input, { name }),
      send: (bytes, moves) =>
        pool.run(bytes, { name: touchJob(moves), transferList: moves ? [bytes.buffer] : [] }),
    };
  },
  async tinypool(threads) {
    const { Tinypool } = await import('tinypool');
    const filename = path('./theirs/tinypool.js');
    const pool = new Tinypool({ filename, minThreads: threads, maxThreads: threads });
    return {
      run: (name, input) => pool.run(input, { name }),
      send: (bytes, moves) =>
        pool.run(bytes, { name: touchJob(moves), transferList: moves ? [bytes.buffer] : [] }),
    };
  },
  async poolifier(threads) {
    const { FixedThreadPool } = await import('poolifier');
    const pool = new FixedThreadPool(threads, path('./theirs/poolifier.js'));
    return {
      run: (name, input) => pool.execute(input, name),
      send: (bytes, moves) =>
        pool.execute(bytes, 'touch', undefined, moves ? [bytes.buffer] : undefined),
    };
  },
  async workerpool(threads) {
    const { default: workerpool } = await import('workerpool');
    const options = { minWorkers: threads, maxWorkers: threads, workerType: 'thread' } as const;
    const pool = workerpool.pool(path('./theirs/workerpool.js'), options);
    return {
      run: (name, input) => pool.exec(name, [input]) as PromiseLike<unknown>,
      send(bytes, moves) {
        const transfer = { transfer: moves ? [bytes.buffer] : [] };
        return pool.exec(touchJob(moves), [bytes], transfer) as PromiseLike<unknown>;
      },
    };
  },
  postMessage: async (count) => bareThreads(count),
};

/** A message there and a message back, with the thread that has the least to do. */
function bareThreads(count: number): OtherPool {
  const waiting = new Map<number, (result: unknown) => void>();
  const threads = Array.from({ length: count }, () => {
    const thread = { worker: new Worker(path('./theirs/raw.js')), busy: 0 };
    thread.worker.on('message', ([id, result]: [number, unknown]) => {
      thread.busy--;
      const resolve = waiting.get(id);
      waiting.delete(id);
      resolve?.(result);
    });
    return thread;
  });
  let id = 0;
  const post = (job: string, input: unknown, moved: ArrayBuffer[]): Promise<unknown> =>
    new Promise((resolve) => {
      const thread = threads.reduce((least, each) => (each.busy < least.busy ? each : least));
      thread.busy++;
      waiting.set(++id, resolve);
      thread.worker.postMessage([id, job, input, moved.length > 0], moved);
    });
  return {
    run: (job, input) => post(job, input, []),
    send: (bytes, moves) => post('touch', bytes, moves ? [bytes.buffer] : []),
  };
}
