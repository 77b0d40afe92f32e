/** Jobs by name: how one gets its name, and how it is found again, on this thread or on another. */
import { InvalidJobError, JobModuleError, quote } from './errors.js';
import type { PortableFunction, PortableJob } from './policy.js';

/**
 * Names a job so that it can cross to a thread.
 *
 * ```ts
 * export const square = portable(import.meta.url, 'square', (_loop, n: number) => n * n);
 * ```
 */
export function portable<I, O>(
  module: string,
  exportName: string,
  job: PortableFunction<I, O>,
): Required<PortableJob<I, O>> {
  return { module, export: exportName, job };
}

export function checkPortable(job: PortableJob<never, unknown>): void {
  const { module, export: name } = (job ?? {}) as Partial<PortableJob>;
  if (typeof module === 'string' && typeof name === 'string') return;
  throw new InvalidJobError(
    `submit() takes a portable job, { module, export }, but got ${quote(job)}: ` +
      "make one with portable(import.meta.url, 'exportName', function)",
  );
}

type Loaded = PortableFunction<never, unknown>;

/** Functions found before: `import()` of a module that is loaded takes 4 µs and several turns of V8's queue. */
const found = new Map<string, Map<string, Loaded>>();

/** The function, at once when it was loaded before. */
export function loadedJob<I, O>(job: PortableJob<I, O>): PortableFunction<I, O> | undefined {
  return found.get(job.module)?.get(job.export) as PortableFunction<I, O> | undefined;
}

/** Imports the module and finds the function: the export itself, or the portable job it holds. */
export async function loadJob<I, O>(job: PortableJob<I, O>): Promise<PortableFunction<I, O>> {
  const loaded = await importJob(job);
  const ofModule = found.get(job.module) ?? new Map<string, Loaded>();
  found.set(job.module, ofModule.set(job.export, loaded as Loaded));
  return loaded;
}

async function importJob<I, O>(job: PortableJob<I, O>): Promise<PortableFunction<I, O>> {
  let exports: Record<string, unknown>;
  try {
    exports = (await import(job.module)) as Record<string, unknown>;
  } catch (cause) {
    throw new JobModuleError(
      `cannot load the job's module ${quote(job.module)}: ${reason(cause)}`,
      {
        cause,
      },
    );
  }
  const exported = exports[job.export];
  if (typeof exported === 'function') return exported as PortableFunction<I, O>;
  const inner = (exported as { job?: unknown } | undefined)?.job;
  if (typeof inner === 'function') return inner as PortableFunction<I, O>;
  throw new JobModuleError(
    `the module ${quote(job.module)} has no job named ${quote(job.export)}: it exports ` +
      `${Object.keys(exports).join(', ') || 'nothing'}`,
  );
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : quote(cause);
}
