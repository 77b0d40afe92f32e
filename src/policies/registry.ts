/**
 * The policies that come with loopdyno. Each is imported when it is asked for: a process that needs one
 * is started for every round, and with the modules of all it would take twice as long until its first job.
 */
import type { LoopPolicy } from '../loop/policy.js';
import { LOAD_INNER } from './inner-loop.js';

/** `virtual` is not among them: it measures nothing, its time being its own. */
const LOAD: Readonly<Record<string, () => Promise<LoopPolicy>>> = {
  ...LOAD_INNER,
  workers: async () => (await import('./workers/index.js')).workers,
  processes: async () => (await import('./processes/index.js')).processes,
};

export const policyNames: readonly string[] = Object.keys(LOAD);

/**
 * Measured when they are named. `processes` takes some 500 ms to start, where those of one thread take
 * 200 to 250, and is for jobs that must not share memory rather than for speed.
 */
export const onRequest: ReadonlySet<string> = new Set(['processes']);

/** Undefined for a name that is not loopdyno's own. */
export async function loadPolicy(name: string): Promise<LoopPolicy | undefined> {
  return Object.hasOwn(LOAD, name) ? LOAD[name]?.() : undefined;
}

export function loadPolicies(): Promise<LoopPolicy[]> {
  return Promise.all(Object.values(LOAD).map((load) => load()));
}
