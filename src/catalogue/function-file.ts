/**
 * The configuration of a contestant that works with a function of a user, as it is: the function becomes the job of a
 * workload. `studies/race/function.ts` writes a module that calls this.
 */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Config } from '../config/define.js';
import type { Coroutine, LoopPolicy, PortableJob } from '../loop/policy.js';
import { loadPolicy } from '../policies/registry.js';
import { LoopdynoError } from '../text/errors.js';
import { asText } from '../workload/as-text.js';
import type { Session, Workload } from '../workload/workload.js';
import { crossed, type Crossing } from './crossing.js';
import { standInFor } from './stand-in.js';

/** The inputs are not those that were seen when the race was planned. */
export class OtherInputsError extends LoopdynoError {}

export interface FunctionWork {
  /** Of the workload; not one of ours. */
  readonly name: string;
  readonly job: PortableJob<unknown, unknown>;
  readonly inputs: readonly unknown[];
  readonly concurrency: number;
  /** The inputs' digest; null if nobody else has read them. */
  readonly given: string | null;
  /** Where to write what the function gave. */
  readonly answers: string;
  /** Such as `{ workers: 2 }`: a policy `workers:2`. */
  readonly pools: Readonly<Record<string, number>>;
  readonly crossing: Crossing;
  /** The job of a stand-in: see `stand-in.ts`. */
  readonly standIn?: PortableJob<unknown, unknown>;
}

export async function functionConfig(work: FunctionWork): Promise<Config> {
  const { name } = work;
  const policies = await Promise.all(
    Object.entries(work.pools).map(([pool, size]) => poolOf(pool, size)),
  );
  const workload: Workload = {
    name,
    kind: 'cpu',
    summary: name,
    cases: [{}],
    *start(loop, { latency }): Coroutine<Session> {
      const { job, inputs, concurrency, given, answers, crossing } = work;
      if (given !== null && inputsDigest(inputs) !== given) {
        throw new OtherInputsError(
          'its inputs are not those that were read when the race was planned: let every tree, and every start, ' +
            'have the same, or give --input',
        );
      }
      // Imported only here: a thread of a pool loads a module for its job, and has no session.
      const { jobSession } = yield* loop.adopt(import('../workload/job-session.js'));
      const onVerified = (results: readonly string[]): void =>
        writeFileSync(answers, JSON.stringify(results.map((said, at) => answerOf(at, said))));
      const handed = crossed(inputs, crossing);
      return jobSession(loop, { job, ...handed, concurrency, latency, check: 'some', onVerified });
    },
  };
  const { standIn } = work;
  return {
    policies,
    workloads: standIn === undefined ? [workload] : [workload, standInFor({ ...work, standIn })],
  };
}

/** What a contestant answered, for the sentence that says where two differ. */
export interface Answer {
  readonly of: string;
  readonly digest: string;
  /** Its beginning. */
  readonly said: string;
}

function answerOf(at: number, said: string): Answer {
  return { of: `input ${at}`, digest: digestOf(said), said: said.slice(0, 200) };
}

export function inputsDigest(inputs: readonly unknown[]): string {
  return digestOf(asText(inputs));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

const SIZES: Readonly<Record<string, string>> = { workers: 'threads', processes: 'processes' };

/** A pool of a given size, named by it. */
async function poolOf(pool: string, size: number): Promise<LoopPolicy> {
  const policy = (await loadPolicy(pool)) as LoopPolicy;
  const sized = { [SIZES[pool] ?? '']: size };
  return {
    ...policy,
    name: `${pool}:${size}`,
    open: (options) => policy.open({ ...options, ...sized }),
  };
}
