/** Imports the configuration module alone. (The catalogue would also import all policies and workloads.) */
import type { Config } from './define.js';
import { LoopdynoError } from '../text/errors.js';

/** The module has a top-level await that never settles. */
export class NeverSettlesError extends LoopdynoError {}

/** How long its top-level await may take, in ms. */
const LONGEST_MS = 30_000;

export async function importConfig(url: string): Promise<Config> {
  return (await importModule<{ default: Config }>(url)).default;
}

/** Any module of a user. */
export function importModule<Exports = Record<string, unknown>>(url: string): Promise<Exports> {
  return settled(import(url) as Promise<Exports>);
}

/**
 * Guards against a top-level await that never settles: with nothing left to do, Node would exit without a message, and
 * with something open it would wait for ever.
 */
async function settled<T>(importing: Promise<T>): Promise<T> {
  let giveUp = (): void => {};
  const never = new Promise<never>((_, reject) => {
    giveUp = () =>
      reject(
        new NeverSettlesError(
          'its top-level await does not settle: await what ends, and leave the rest to a job or a policy',
        ),
      );
  });
  const timer = setTimeout(giveUp, LONGEST_MS).unref();
  process.once('beforeExit', giveUp);
  try {
    return await Promise.race([importing, never]);
  } finally {
    clearTimeout(timer);
    process.off('beforeExit', giveUp);
  }
}
