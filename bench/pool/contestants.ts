/**
 * Who runs in `npm run bench:pool`: every pool with T threads, and as little else set as possible. Each
 * is driven in the way that it is meant to be used, by a closed loop of lanes.
 */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Coroutine } from '../../src/loop/future.js';
import type { Loop, PortableJob } from '../../src/loop/policy.js';

export type JobName = 'identity' | 'compute';

/** Runs `inFlight` jobs at a time for `ms`, and notes how long each took. */
export type Drive = (job: JobName, inFlight: number, ms: number) => Promise<Driven>;

export interface Driven {
  readonly ms: number;
  readonly latencies: number[];
}

const here = import.meta.url;
const path = (name: string): string => fileURLToPath(new URL(name, here));

/** A closed loop over a function that gives a promise. */
function driver(run: (job: JobName, input: number) => PromiseLike<unknown>): Drive {
  return async (job, inFlight, ms) => {
    const latencies: number[] = [];
    const began = performance.now();
    const end = began + ms;
    const lane = async (): Promise<void> => {
      let now = performance.now();
      do {
        await run(job, latencies.length);
        const then = now;
        now = performance.now();
        latencies.push(now - then);
      } while (now < end);
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    return { ms: performance.now() - began, latencies };
  };
}

/** The same, as coroutines of one of our loops. */
function ours(loop: Loop): Drive {
  const module = new URL('./jobs.js', here).href;
  const portable: Record<JobName, PortableJob<number, number>> = {
    identity: { module, export: 'portableIdentity' },
    compute: { module, export: 'portableCompute' },
  };
  return async (name, inFlight, ms) => {
    const job = portable[name];
    const latencies: number[] = [];
    const began = performance.now();
    const end = began + ms;
    function* lane(): Coroutine<void> {
      let now = performance.now();
      do {
        yield* loop.submit(job, latencies.length);
        const then = now;
        now = performance.now();
        latencies.push(now - then);
      } while (now < end);
    }
    await loop.run(function* () {
      const lanes = Array.from({ length: inFlight }, () => loop.spawn(lane));
      for (const task of lanes) yield* task;
    });
    return { ms: performance.now() - began, latencies };
  };
}

export const contestants: Readonly<Record<string, (threads: number) => Promise<Drive>>> = {
  async 'workers, batch 1'(threads) {
    const { workers } = await import('../../src/policies/workers/index.js');
    return ours(await workers.open({ threads, batch: 1 }));
  },
  async workers(threads) {
    const { workers } = await import('../../src/policies/workers/index.js');
    return ours(await workers.open({ threads }));
  },
  async processes(threads) {
    const { processes } = await import('../../src/policies/processes/index.js');
    return ours(await processes.open({ processes: threads }));
  },
  async microtask() {
    const { microtask } = await import('../../src/policies/microtask/index.js');
    return ours(await microtask.open());
  },
  async piscina(threads) {
    const { Piscina } = await import('piscina');
    const filename = new URL('./jobs.js', here).href;
    const pool = new Piscina({ filename, minThreads: threads, maxThreads: threads });
    return driver((name, input) => pool.run(input, { name }));
  },
  async tinypool(threads) {
    const { Tinypool } = await import('tinypool');
    const filename = new URL('./jobs.js', here).href;
    const pool = new Tinypool({ filename, minThreads: threads, maxThreads: threads });
    return driver((name, input) => pool.run(input, { name }));
  },
  async poolifier(threads) {
    const { FixedThreadPool } = await import('poolifier');
    const pool = new FixedThreadPool<number, number>(threads, path('./theirs/poolifier.js'));
    return driver((name, input) => pool.execute(input, name));
  },
  async workerpool(threads) {
    const { default: workerpool } = await import('workerpool');
    const options = { minWorkers: threads, maxWorkers: threads, workerType: 'thread' } as const;
    const pool = workerpool.pool(path('./theirs/workerpool.js'), options);
    return driver((name, input) => pool.exec(name, [input]) as PromiseLike<unknown>);
  },
  async postMessage(threads) {
    const waiting = new Map<number, (value: number) => void>();
    const busy = new Array<number>(threads).fill(0);
    const all = Array.from({ length: threads }, (_, at) => {
      const worker = new Worker(path('./theirs/raw.js'));
      worker.on('message', ([id, value]: [number, number]) => {
        busy[at] = (busy[at] as number) - 1;
        const resolve = waiting.get(id);
        waiting.delete(id);
        resolve?.(value);
      });
      return worker;
    });
    let id = 0;
    return driver(
      (name, input) =>
        new Promise((resolve) => {
          let least = 0;
          for (let i = 1; i < threads; i++)
            if ((busy[i] as number) < (busy[least] as number)) least = i;
          busy[least] = (busy[least] as number) + 1;
          waiting.set(++id, resolve);
          all[least]?.postMessage([id, name, input]);
        }),
    );
  },
};
