/** How a portable job is found again by its name, on this thread or on another. */
import { InvalidJobError, JobModuleError, quote } from './errors.js';
import type { PortableFunction, PortableJob } from './policy.js';

export function checkPortable(job: PortableJob<never, unknown>): void {
  const { module, export: name } = (job ?? {}) as Partial<PortableJob>;
  if (typeof module === 'string' && typeof name === 'string') return;
  throw new InvalidJobError(
    `submit() takes a portable job, { module, export }, but got ${quote(job)}: ` +
      "make one with portable(import.meta.url, 'exportName', function)",
  );
}

/** Imports the module and finds the function: the export itself, or the portable job it holds. */
export async function loadJob<I, O>(job: PortableJob<I, O>): Promise<PortableFunction<I, O>> {
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
  const found = exports[job.export];
  if (typeof found === 'function') return found as PortableFunction<I, O>;
  const inner = (found as { job?: unknown } | undefined)?.job;
  if (typeof inner === 'function') return inner as PortableFunction<I, O>;
  throw new JobModuleError(
    `the module ${quote(job.module)} has no job named ${quote(job.export)}: it exports ` +
      `${Object.keys(exports).join(', ') || 'nothing'}`,
  );
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : quote(cause);
}
