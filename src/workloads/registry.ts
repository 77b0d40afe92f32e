/** The workloads that come with loopdyno, each imported only when it is asked for: see `policies/registry.ts`. */
import type { Workload } from '../workload/workload.js';

const LOAD: Readonly<Record<string, () => Promise<Workload>>> = {
  primes: async () => (await import('./cpu/primes.js')).primes,
  json: async () => (await import('./cpu/json.js')).json,
  'sha256-chain': async () => (await import('./cpu/sha256-chain.js')).sha256Chain,
  matrix: async () => (await import('./cpu/matrix.js')).matrix,
  spin: async () => (await import('./cpu/spin.js')).spin,
  timers: async () => (await import('./io/timers.js')).timers,
  files: async () => (await import('./io/files.js')).filesWorkload,
  echo: async () => (await import('./io/echo.js')).echoWorkload,
  'echo-into': async () => (await import('./io/echo.js')).echoIntoWorkload,
  'echo-protocol': async () => (await import('./io/echo.js')).echoProtocolWorkload,
  'echo-client': async () => (await import('./io/echo-client.js')).echoClient,
  'web-socket': async () => (await import('./io/web-socket.js')).webSocket,
  'fetch-all': async () => (await import('./io/fetch-all.js')).fetchAll,
  'first-completed': async () => (await import('./io/first-completed.js')).firstCompletedWorkload,
  crawl: async () => (await import('./mixed/crawl.js')).crawl,
  pipeline: async () => (await import('./mixed/pipeline.js')).pipeline,
  traverse: async () => (await import('./mixed/traverse.js')).traverseWorkload,
  deferred: async () => (await import('./mixed/deferred.js')).deferred,
};

export const workloadNames: readonly string[] = Object.keys(LOAD);

/** Undefined for a name that is not one of loopdyno's own workloads. */
export async function loadWorkload(name: string): Promise<Workload | undefined> {
  return Object.hasOwn(LOAD, name) ? LOAD[name]?.() : undefined;
}

export function loadWorkloads(): Promise<Workload[]> {
  return Promise.all(Object.values(LOAD).map((load) => load()));
}
