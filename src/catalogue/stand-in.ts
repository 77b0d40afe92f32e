/**
 * A stand-in for a function of the user, to find out from which size of a job on workers pay for it: it has the
 * function's inputs and gives its results, but takes as long as it is told to.
 *
 *   { at, steps, input } ─▶ spins for `steps` ─▶ the result that the function gave for that input
 *
 * Whatever has to cross to a thread and back is thus that of the function.
 */
import type { Coroutine, PortableJob } from '../loop/policy.js';
import type { Session, Workload } from '../workload/workload.js';
import { crossed, type Crossing } from './crossing.js';
import type { StandInInput } from './stand-in-job.js';

/** All but what it does. */
export function standInNamed(name: string): Omit<Workload, 'start'> {
  const title = `${name} (stand-in)`;
  return {
    name: title,
    kind: 'cpu',
    summary: title,
    cases: [{ us: 100 }],
    parameters: { us: 'µs per job' },
    fixture: {
      module: new URL('../fixture/spin-speed.js', import.meta.url).href,
      export: 'openSpinSpeed',
    },
  };
}

export interface StandInWork {
  /** Of the function's workload. */
  readonly name: string;
  readonly inputs: readonly unknown[];
  readonly concurrency: number;
  readonly crossing: Crossing;
  readonly standIn: PortableJob<unknown, unknown>;
}

export function standInFor(work: StandInWork): Workload {
  const { name, concurrency, crossing, standIn: job } = work;
  return {
    ...standInNamed(name),
    *start(loop, { params, facts, latency }): Coroutine<Session> {
      const { jobSession } = yield* loop.adopt(import('../workload/job-session.js'));
      const steps = Math.round(Number(params['us']) * Number(facts['stepsPerUs']));
      const inputs = work.inputs.map((input, at): StandInInput => ({ at, steps, input }));
      const handed = crossed(inputs, crossing);
      return jobSession(loop, { job, ...handed, concurrency, latency, check: 'some' });
    },
  };
}
