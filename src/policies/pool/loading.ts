/**
 * The import of a job's module in a worker. A file may both make a job and open the pool that runs it:
 *
 *   export const square = portable(import.meta.url, 'square', …);
 *   const loop = await workers.open();
 *
 * A worker that imports the file reaches that line, too, and must not open a pool: its workers would import the file
 * again, without end. So there `open()` never settles, and nothing behind it runs. The job is found all the same, since
 * `portable` has noted it. If nothing was noted, the load is refused at once.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { JobModuleError, quote } from '../../loop/errors.js';
import type { PortableFunction, PortableJob } from '../../loop/policy.js';
import { loadJob, notedJob } from '../../loop/portable.js';

type Named = PortableJob<unknown, unknown>;
type AnyFunction = PortableFunction<unknown, unknown>;

/** The load that a call descends from. Jobs descend from none, so they may open pools. */
const loads = new AsyncLocalStorage<Load>();

/** Modules whose import has reached an `open()`, and so may never finish. */
const openers = new Set<string>();

/** Like `loadJob`, in a worker; one load at a time. */
export async function loadInWorker(job: Named): Promise<AnyFunction> {
  const load = new Load(job);
  if (openers.has(job.module)) load.opens();
  try {
    return await loads.run(load, () => Promise.race([loadJob(job), load.withoutImport]));
  } finally {
    load.over = true;
    loads.disable(); // it would slow down every promise of the jobs
  }
}

/** Settles if a pool may be opened. Never settles in a job's module that a worker is importing. */
export function mayOpen(): Promise<void> {
  const load = loads.getStore();
  if (load === undefined || load.over) return Promise.resolve();
  load.opens();
  return new Promise(() => {});
}

class Load {
  over = false;
  readonly withoutImport: Promise<AnyFunction>;
  private readonly job: Named;
  private settle!: (outcome: AnyFunction | Promise<never>) => void;

  constructor(job: Named) {
    this.job = job;
    this.withoutImport = new Promise((resolve) => (this.settle = resolve));
  }

  /** The module opens a pool: no more jobs will be defined than its code has defined so far. */
  opens(): void {
    const { job } = this;
    openers.add(job.module);
    setImmediate(() => {
      if (!this.over) this.settle(notedJob(job) ?? Promise.reject(opensError(job)));
    });
  }
}

function opensError({ module, export: name }: Named): JobModuleError {
  return new JobModuleError(
    `cannot load the job's module '${module}': it opens a pool as it is loaded, and every worker ` +
      `of that would open another: put the job ${quote(name)} into a module of its own, or make it ` +
      'with portable() above the line that opens the pool',
  );
}
