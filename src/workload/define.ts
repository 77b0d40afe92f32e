/** Defines a workload of the user's project, with full types. */
import type { PortableJob } from '../loop/policy.js';
import type { FixtureRef, JobsSetup, Kind, Params, Workload } from './workload.js';

/** The short form of a workload of independent jobs. */
export interface JobWorkload<I, O> {
  readonly name: string;
  readonly job: PortableJob<I, O>;
  /** The inputs, taken in turn, again and again. A function if they depend on `setup.seed` or `setup.params`. */
  readonly inputs: readonly I[] | ((setup: JobsSetup) => readonly I[]);
  /** Jobs in flight at the same time. Default 4. */
  readonly concurrency?: number | ((setup: JobsSetup) => number);
  /** Default `cpu`. */
  readonly kind?: Kind;
  /** Default: the name. */
  readonly summary?: string;
  /** Default: one case, without parameters. */
  readonly cases?: readonly Params[];
  readonly quick?: boolean;
  readonly standard?: number;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly fixture?: FixtureRef;
}

/** Defines a workload: of independent jobs (`job` and `inputs`), or with a session of its own (`start`). */
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
      // Imported only here: a thread of a pool loads this module for its job, and has no session.
      const { jobSession } = yield* loop.adopt(import('./job-session.js'));
      return jobSession(loop, { job, ...work(setup), latency: setup.latency });
    },
  };
}
