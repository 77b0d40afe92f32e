/** The other pools, each with `threads` threads, and otherwise with their defaults as far as possible. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** Runs a job of `jobs.ts`, in the way in which the pool is meant to be used. */
export type Run = (job: string, input: unknown) => PromiseLike<unknown>;

const jobs = new URL('./jobs.js', import.meta.url).href;
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Names are those of the packages. No pool is closed: its threads end with the process. */
export const pools: Readonly<Record<string, (threads: number) => Promise<Run>>> = {
  async piscina(threads) {
    const { Piscina } = await import('piscina');
    const pool = new Piscina({ filename: jobs, minThreads: threads, maxThreads: threads });
    return (name, input) => pool.run(input, { name });
  },
  async tinypool(threads) {
    const { Tinypool } = await import('tinypool');
    const pool = new Tinypool({ filename: jobs, minThreads: threads, maxThreads: threads });
    return (name, input) => pool.run(input, { name });
  },
  async poolifier(threads) {
    const { FixedThreadPool } = await import('poolifier');
    const pool = new FixedThreadPool(threads, path('./theirs/poolifier.js'));
    return (name, input) => pool.execute(input, name);
  },
  async workerpool(threads) {
    const { default: workerpool } = await import('workerpool');
    const options = { minWorkers: threads, maxWorkers: threads, workerType: 'thread' } as const;
    const pool = workerpool.pool(path('./theirs/workerpool.js'), options);
    return (name, input) => pool.exec(name, [input]) as PromiseLike<unknown>;
  },
  postMessage: async (count) => bareThreads(count),
};

/** A message there and a message back, with the thread that has the least to do. */
function bareThreads(count: number): Run {
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
  return (job, input) =>
    new Promise((resolve) => {
      const thread = threads.reduce((least, each) => (each.busy < least.busy ? each : least));
      thread.busy++;
      waiting.set(++id, resolve);
      thread.worker.postMessage([id, job, input]);
    });
}
