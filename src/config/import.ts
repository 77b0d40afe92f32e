/** The configuration module, by itself: with the catalogue come the modules of all policies and workloads. */
import type { Config } from './define.js';
import { LoopdynoError } from '../text/errors.js';

/** The module has a top-level await that never settles. */
export class NeverSettlesError extends LoopdynoError {}

/** Ms that its top-level await may take. */
const LONGEST_MS = 30_000;

export async function importConfig(url: string): Promise<Config> {
  const importing = import(url) as Promise<{ default: Config }>;
  return (await settled(importing)).default;
}

/**
 * A top-level await that never settles would be the end: with nothing left to do Node exits, in silence, and with
 * something open it waits for ever.
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
