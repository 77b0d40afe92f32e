/** The configuration of a contestant that does the benchmarks of a file written for another tool: a workload for each. */
import type { Config } from '../config/define.js';
import { listed, type Listed } from '../benches/list.js';
import type { Coroutine } from '../loop/policy.js';
import { LoopdynoError } from '../text/errors.js';
import type { Session, Workload } from '../workload/workload.js';

/** The file cannot be used, or one of its benchmarks cannot be carried over. */
export class BenchFileError extends LoopdynoError {}

/** The benchmarks that a bundle lists when it is loaded. What fails after the first of them would only show results. */
export async function benchesOf(load: () => Promise<unknown>): Promise<readonly Listed[]> {
  const all = listed();
  all.length = 0;
  const exit = process.exit.bind(process);
  // Files that end the process when their results are shown.
  process.exit = () => {
    throw new BenchFileError('it ends the process');
  };
  try {
    await load();
  } catch (error) {
    if (all.length === 0) throw error;
  } finally {
    process.exit = exit;
  }
  return [...all];
}

export interface BenchWork {
  readonly load: () => Promise<unknown>;
  /** Of a benchmark: the name of its workload. */
  readonly prefix: string;
  /** By benchmark, the calls that make up a job. */
  readonly calls: Readonly<Record<string, number>>;
}

export async function benchConfig({ load, prefix, calls }: BenchWork): Promise<Config> {
  const benches = await benchesOf(load);
  return { workloads: benches.map((each) => workloadOf(each, prefix, calls[each.name] ?? 1)) };
}

function workloadOf(
  { name, run, before, cannot }: Listed,
  prefix: string,
  calls: number,
): Workload {
  const title = prefix + name;
  return {
    name: title,
    kind: 'cpu',
    summary: title,
    cases: [{}],
    *start(loop, { latency }): Coroutine<Session> {
      if (cannot !== null)
        throw new BenchFileError(`it has ${cannot}, which cannot be carried over`);
      for (const each of before) yield* loop.adopt(Promise.resolve(each()));
      const { jobSession } = yield* loop.adopt(import('../workload/job-session.js'));
      // What it returns is nobody's answer.
      const call = (): unknown => {
        for (let i = 1; i < calls; i++) void run();
        const last = run();
        return last instanceof Promise ? last.then(() => undefined) : undefined;
      };
      const job = { module: import.meta.url, export: title, job: call };
      return jobSession(loop, { job, inputs: [undefined], concurrency: 1, latency, check: 'some' });
    },
  };
}
