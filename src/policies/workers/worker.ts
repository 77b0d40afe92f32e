/** Runs in a worker thread: one inner loop per thread, one job at a time. */
import { JobCloneError } from '../../loop/errors.js';
import type { Loop } from '../../loop/policy.js';
import { loadJob, loadedJob } from '../../loop/portable.js';
import { microtask } from '../microtask/index.js';
import { packError, type PackedError } from './packed-error.js';

export interface Order {
  readonly module: string;
  readonly export: string;
  readonly input: unknown;
}

export type Outcome =
  | { readonly ok: true; readonly value: never }
  | { readonly ok: false; readonly error: PackedError };

let inner: Loop | null = null;

export default async function runOrder(order: Order): Promise<Outcome> {
  const loop = (inner ??= await microtask.open());
  try {
    const job = loadedJob(order) ?? (await loadJob(order));
    const value = await loop.run((own) => job(own, order.input));
    requireCloneable(value, order);
    return { ok: true, value: value as never };
  } catch (error) {
    return { ok: false, error: packError(error) };
  }
}

/**
 * Where the result cannot cross, piscina's answer throws outside the job and takes the thread down.
 * So it is tried first, at the price of a second copy for results that are objects.
 */
function requireCloneable(value: unknown, order: Order): void {
  if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return;
  try {
    structuredClone(value);
  } catch (cause) {
    throw new JobCloneError(
      `job ${order.export} of ${order.module}: its result cannot be copied to another thread ` +
        `(${(cause as Error).message}): return data only`,
      { cause },
    );
  }
}
