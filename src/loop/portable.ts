/** Jobs by name: how a job gets its name, and how it is found again, on this thread or on another. */
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
  const made = { module, export: exportName, job };
  noted.set(made, job);
  return made;
}

export function checkPortable(job: PortableJob<never, unknown>): void {
  const { module, export: name } = (job ?? {}) as Partial<PortableJob>;
  if (typeof module === 'string' && typeof name === 'string') return;
  throw new InvalidJobError(
    `submit() takes a portable job, { module, export }, but got ${quote(job)}: ` +
      "make one with portable(import.meta.url, 'exportName', function)",
  );
}

type AnyFunction = PortableFunction<never, unknown>;

/** Functions by module and export. */
class Functions {
  private readonly ofModules = new Map<string, Map<string, AnyFunction>>();

  get<I, O>(job: PortableJob<I, O>): PortableFunction<I, O> | undefined {
    return this.ofModules.get(job.module)?.get(job.export) as PortableFunction<I, O> | undefined;
  }

  set<I, O>(job: PortableJob<I, O>, fn: PortableFunction<I, O>): void {
    const ofModule = this.ofModules.get(job.module) ?? new Map<string, AnyFunction>();
    this.ofModules.set(job.module, ofModule.set(job.export, fn as AnyFunction));
  }
}

/** Functions found before: `import()` of a loaded module takes 4 µs and several turns of V8's queue. */
const found = new Functions();
/** Functions that were passed to `portable`, by the name given there. */
const noted = new Functions();

/** The function, if its module has been loaded before. */
export function loadedJob<I, O>(job: PortableJob<I, O>): PortableFunction<I, O> | undefined {
  return found.get(job);
}

/** The function, if its module has made it with `portable`, whether or not the module has finished loading. */
export function notedJob<I, O>(job: PortableJob<I, O>): PortableFunction<I, O> | undefined {
  return noted.get(job);
}

/** Imports the module and finds the function: the export itself, or the portable job that the export is. */
export async function loadJob<I, O>(job: PortableJob<I, O>): Promise<PortableFunction<I, O>> {
  const loaded = await importJob(job);
  found.set(job, loaded);
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
