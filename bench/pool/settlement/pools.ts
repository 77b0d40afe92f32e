/** The pools of `npm run pool:settlement`, all with one worker and one common interface. */
import { fileURLToPath } from 'node:url';
import type { Loop } from '../../../src/loop/policy.js';

export interface Setup {
  /** The module of the job. poolifier and workerpool load it as the worker's own script. */
  readonly module: string;
  /** A worker has little memory. */
  readonly tight: boolean;
  /** No worker is kept. */
  readonly none: boolean;
}

export interface OpenPool {
  run(name: string, input: unknown, signal: AbortSignal): PromiseLike<unknown>;
  close(): PromiseLike<unknown>;
}

export const FAULTS = './faults.js';

const LIMITS = { maxOldGenerationSizeMb: 32 };
const LOAD_TIMEOUT_MS = 1000;

const href = (module: string): string => new URL(module, import.meta.url).href;

function ours(loop: Loop, module: string): OpenPool {
  const own: Record<string, string> = {
    identity: 'portableIdentity',
    later: 'portableLater',
    exitsOnMinusOne: 'portableExitsOnMinusOne',
  };
  const running = loop.runForever();
  return {
    run(name, input, signal) {
      const job = { module: href(module), export: own[name] ?? name };
      const task = loop.submit(job, input);
      onAbort(signal, () => task.cancel());
      return task;
    },
    async close() {
      loop.stop();
      await running;
      await loop.close();
    },
  };
}

/** On a busy machine the signal may be there before the pool is open. */
function onAbort(signal: AbortSignal, abort: () => void): void {
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort);
}

/** The script for a pool that starts its workers from one: ours, or the broken module. */
function script(module: string, worker: string): string {
  return fileURLToPath(href(module === FAULTS ? worker : module));
}

export const pools: Readonly<Record<string, (setup: Setup) => Promise<OpenPool>>> = {
  async workers({ module, tight, none }) {
    const { workers } = await import('../../../src/policies/workers/index.js');
    const loop = await workers.open({
      threads: 1,
      loadTimeout: LOAD_TIMEOUT_MS,
      ...(none ? { minThreads: 0 } : {}),
      ...(tight ? { resourceLimits: LIMITS } : {}),
    });
    return ours(loop, module);
  },
  async processes({ module, tight, none }) {
    const { processes } = await import('../../../src/policies/processes/index.js');
    const loop = await processes.open({
      processes: 1,
      loadTimeout: LOAD_TIMEOUT_MS,
      ...(none ? { minProcesses: 0 } : {}),
      ...(tight ? { resourceLimits: LIMITS } : {}),
    });
    return ours(loop, module);
  },
  async piscina({ module, tight, none }) {
    const { Piscina } = await import('piscina');
    const pool = new Piscina({
      filename: href(module),
      minThreads: none ? 0 : 1,
      maxThreads: 1,
      ...(tight ? { resourceLimits: LIMITS } : {}),
    });
    pool.on('error', () => {});
    return {
      run: (name, input, signal) => pool.run(input, { name, signal }),
      close: () => pool.destroy(),
    };
  },
  async tinypool({ module, tight, none }) {
    const { Tinypool } = await import('tinypool');
    const pool = new Tinypool({
      filename: href(module),
      minThreads: none ? 0 : 1,
      maxThreads: 1,
      ...(tight ? { resourceLimits: LIMITS } : {}),
    });
    pool.on('error', () => {});
    return {
      run: (name, input, signal) => pool.run(input, { name, signal }) as Promise<unknown>,
      close: () => pool.destroy(),
    };
  },
  async poolifier({ module, tight, none }) {
    const { DynamicThreadPool, FixedThreadPool } = await import('poolifier');
    const options = tight ? { workerOptions: { resourceLimits: LIMITS } } : {};
    const file = script(module, './poolifier-worker.js');
    const pool = none
      ? new DynamicThreadPool(0, 1, file, options)
      : new FixedThreadPool(1, file, options);
    pool.emitter?.on('error', () => {});
    return {
      run: (name, input, signal) => pool.execute(input as never, name, signal),
      close: () => pool.destroy(),
    };
  },
  async workerpool({ module, tight, none }) {
    const { default: workerpool } = await import('workerpool');
    const pool = workerpool.pool(script(module, './workerpool-worker.js'), {
      minWorkers: none ? 0 : 1,
      maxWorkers: 1,
      workerType: 'thread',
      ...(tight ? { workerThreadOpts: { resourceLimits: LIMITS } } : {}),
    });
    return {
      run(name, input, signal) {
        const promise = pool.exec(name, [input]);
        onAbort(signal, () => {
          try {
            promise.cancel();
          } catch {} // it also throws what it rejects with
        });
        return promise as PromiseLike<unknown>;
      },
      close: () => pool.terminate(true) as PromiseLike<unknown>,
    };
  },
};
