/**
 * One of loopdyno's policies by its name, and no module of the others. A process that needs one is
 * started for every round: with all of them it would take twice as long until its first job.
 */
import type { LoopPolicy } from '../loop/policy.js';

const LOAD: Readonly<Record<string, () => Promise<LoopPolicy>>> = {
  microtask: async () => (await import('./microtask/index.js')).microtask,
  queue: async () => (await import('./queue/index.js')).queue,
  uv: async () => (await import('./uv/index.js')).uv,
  workers: async () => (await import('./workers/index.js')).workers,
  processes: async () => (await import('./processes/index.js')).processes,
};

/** Undefined for a name that is not loopdyno's own. */
export async function loadPolicy(name: string): Promise<LoopPolicy | undefined> {
  return Object.hasOwn(LOAD, name) ? LOAD[name]?.() : undefined;
}
