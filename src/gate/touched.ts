/**
 * What of loopdyno itself a change can have made slower, by the names of its files. Only what is sure
 * narrows the choice; any other file may matter to everything.
 */
export interface Touched {
  /** Null for all. */
  readonly policies: ReadonlySet<string> | null;
  readonly workloads: ReadonlySet<string> | null;
  /** In a few words. */
  readonly what: string;
}

/** No measured code. The gate's, the reports' and the statistics' is run by the parent alone. */
const HARMLESS =
  /^(docs|test|results|\.github|\.ci)\/|^src\/(gate|report|cli|schema|conformance|machine|stats)\/|^bench\/(examples|known|micro|peers|pool|uv)\/|^bench\/accepted\.json$|^[^/]*\.(md|yml)$|^LICENSE$|^\.[a-z]+(rc)?[a-z.]*$/;
/** `stats` that a contestant itself uses. */
const USED = /^src\/stats\/(histogram|median|quantile)\.ts$/;
const POLICY = /^src\/policies\/(microtask|queue|uv|workers|processes)\/|^native\//;
const POOL = /^src\/policies\/pool\//;
const WORKLOAD = /^bench\/workloads\/(?:cpu|io|mixed)\/([a-z0-9-]+)\.ts$/;

export function touchedBy(files: readonly string[]): Touched {
  const policies = new Set<string>();
  const workloads = new Set<string>();
  for (const file of files) {
    if (HARMLESS.test(file) && !USED.test(file)) continue;
    const workload = WORKLOAD.exec(file)?.[1];
    const policy = POLICY.exec(file);
    if (workload !== undefined) workloads.add(workload);
    else if (policy !== null) policies.add(policy[1] ?? 'uv');
    else if (POOL.test(file)) policies.add('workers').add('processes');
    else return { policies: null, workloads: null, what: `everything, or may do (${file})` };
  }
  // A worker runs its jobs on a loop of its own.
  if (policies.has('microtask')) policies.add('workers').add('processes');
  if (policies.size === 0 && workloads.size === 0) {
    return { policies, workloads, what: 'nothing that is measured' };
  }
  // A policy is gated by every workload, a workload under every policy; both kinds: all with all.
  if (policies.size > 0 && workloads.size > 0) {
    return { policies: null, workloads: null, what: 'policies and workloads' };
  }
  return policies.size > 0
    ? { policies, workloads: null, what: [...policies].join(', ') }
    : { policies: null, workloads, what: [...workloads].join(', ') };
}
