/**
 * The policies that come with loopdyno. Each is imported only when it is asked for: a process that needs one is started
 * for every round, and with the modules of all policies it would take twice as long to its first job.
 */
import type { LoopPolicy } from '../loop/policy.js';
import { LOAD_INNER } from './inner-loop.js';

/** `virtual` is not among them: its clock is its own, so it measures nothing. */
const LOAD: Readonly<Record<string, () => Promise<LoopPolicy>>> = {
  ...LOAD_INNER,
  workers: async () => (await import('./workers/index.js')).workers,
  processes: async () => (await import('./processes/index.js')).processes,
  nats: async () => (await import('./nats/index.js')).nats,
};

export const policyNames: readonly string[] = Object.keys(LOAD);

/**
 * Policies that are measured only if they are named. `processes` takes some 500 ms to start, while policies of one
 * thread take 200 to 250 ms, and it is for jobs that must not share memory rather than for speed. `nats` starts a server.
 */
export const onRequest: ReadonlySet<string> = new Set(['processes', 'nats']);

/** Undefined for a name that is not one of loopdyno's own policies. */
export async function loadPolicy(name: string): Promise<LoopPolicy | undefined> {
  return Object.hasOwn(LOAD, name) ? LOAD[name]?.() : undefined;
}

export function loadPolicies(): Promise<LoopPolicy[]> {
  return Promise.all(Object.values(LOAD).map((load) => load()));
}
