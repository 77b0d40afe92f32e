/** What a project's `loopdyno.config.ts` says, and the functions that give it full types. */
import { quote } from '../loop/errors.js';
import type { Availability, Capabilities, LoopPolicy, PortableJob } from '../loop/policy.js';
import { jobSession } from '../workload/job-session.js';
import type { FixtureRef, JobsSetup, Kind, Params, Workload } from '../workload/workload.js';
import type { Program } from './program.js';
import type { Settings } from './settings.js';

export interface Config extends Settings {
  /** Beside loopdyno's own; names must be new. */
  policies?: readonly PolicyDefinition[];
  /** Likewise. */
  workloads?: readonly Workload[];
  /** Likewise; they compete with the policies. */
  programs?: readonly Program[];
}

export function defineConfig(config: Config): Config {
  return config;
}

/** A policy, with what can be left out. */
export interface PolicyDefinition<Options extends object = object> {
  readonly name: string;
  readonly open: LoopPolicy<Options>['open'];
  /** Default: the name. */
  readonly summary?: string;
  /** Default: `{ fair: true, step: false, parallel: false, realTime: true }`. */
  readonly capabilities?: Partial<Capabilities>;
  /** Default: available. */
  readonly probe?: LoopPolicy['probe'];
}

/**
 * ```ts
 * definePolicy({ ...workers, name: 'workers-4', open: (o) => workers.open({ ...o, threads: 4 }) })
 * ```
 */
export function definePolicy<Options extends object>(
  definition: PolicyDefinition<Options>,
): LoopPolicy<Options> {
  const { name, summary = name, capabilities } = definition;
  return {
    name,
    summary,
    capabilities: { fair: true, step: false, parallel: false, realTime: true, ...capabilities },
    open: (options) => definition.open(options),
    probe: () => probed(definition),
  };
}

/** A policy that is not available is a row of the report, however it says so. */
async function probed<Options extends object>(
  definition: PolicyDefinition<Options>,
): Promise<Availability> {
  try {
    return (await definition.probe?.()) ?? { ok: true };
  } catch (error) {
    return {
      ok: false,
      reason: `its probe() threw ${quote(error)}`,
      remedy: 'let probe() give { ok: false, reason, remedy }',
    };
  }
}

/** A workload of independent jobs, the short way. */
export interface JobWorkload<I, O> {
  readonly name: string;
  readonly job: PortableJob<I, O>;
  /** Taken in turn, again and again; from `setup.seed` and `setup.params` where they vary. */
  readonly inputs: readonly I[] | ((setup: JobsSetup) => readonly I[]);
  /** Jobs in flight at the same time. Default 4. */
  readonly concurrency?: number | ((setup: JobsSetup) => number);
  /** Default `cpu`. */
  readonly kind?: Kind;
  /** Default: the name. */
  readonly summary?: string;
  /** Default: one, without parameters. */
  readonly cases?: readonly Params[];
  readonly quick?: boolean;
  readonly onRequest?: boolean;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly fixture?: FixtureRef;
}

/** A workload: of independent jobs (`job` and `inputs`), or with a session of its own (`start`). */
export function defineWorkload(workload: Workload): Workload;
export function defineWorkload<I, O>(workload: JobWorkload<I, O>): Workload;
export function defineWorkload<I, O>(workload: Workload | JobWorkload<I, O>): Workload {
  if ('start' in workload) return workload;
  const {
    job,
    inputs,
    concurrency = 4,
    kind = 'cpu',
    summary = workload.name,
    cases = [{}],
    ...rest
  } = workload;
  const work = (setup: JobsSetup) => ({
    inputs: typeof inputs === 'function' ? inputs(setup) : inputs,
    concurrency: typeof concurrency === 'function' ? concurrency(setup) : concurrency,
  });
  return {
    ...rest,
    kind,
    summary,
    cases,
    jobs: (setup) => ({ name: job.export, ...work(setup) }),
    *start(loop, setup) {
      return jobSession(loop, { job, ...work(setup), latency: setup.latency });
    },
  };
}
