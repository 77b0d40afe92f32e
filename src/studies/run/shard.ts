/**
 * `--shard 2/5`: a share of a plan's cases. Cases are dealt out in turn, so that each share has some of every kind, and
 * all contestants of a case stay on one host:
 *
 *   case    1  2  3  4  5  6  7
 *   shard   1  2  3  1  2  3  1     of 3
 *
 * Variables of a scheduler are read only with `--shard auto`: a run that is part of a parallel job for another reason
 * measures all its cases.
 */
import type { Plan } from '../../harness/plan.js';
import type { Shard } from '../../documents/results.js';
import { quote } from '../../text/errors.js';
import { UsageError } from '../../text/usage.js';

/** `--shard` is no share of the plan; the message says what to write instead. */
export class ShardError extends UsageError {}

export type Share = Pick<Shard, 'index' | 'of'>;

/** The scheduler's variables, each counted from 0. */
const INDEXES = ['JOB_COMPLETION_INDEX', 'BUILDKITE_PARALLEL_JOB'] as const;
const COUNT = 'BUILDKITE_PARALLEL_JOB_COUNT';

/** From `2/5`, `auto`, or `auto/5` where the scheduler does not say how many there are. */
export function shareOf(text: string, env: Readonly<NodeJS.ProcessEnv>): Share {
  const [, index = '', of] = /^(auto|\d+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (index === 'auto') return fromScheduler(of, env);
  if (index === '' || of === undefined) {
    throw new ShardError(
      `--shard takes a share of the cases such as 2/5, or auto, but got ${quote(text)}`,
    );
  }
  return checked({ index: Number(index), of: Number(of) }, `--shard ${text}`);
}

/** The plan with the shard's cases alone, and what the results say of it. */
export function sharded(plan: Plan, { index, of }: Share): { plan: Plan; shard: Shard } {
  const { length } = plan.cases;
  if (of > length) {
    throw new ShardError(
      `of ${of} shards some have no case: this plan has ${length} ${length === 1 ? 'case' : 'cases'}, ` +
        `so that it makes ${length} ${length === 1 ? 'shard' : 'shards'} at most`,
    );
  }
  const cases = plan.cases.map(({ workload, params, contestants }) => ({
    workload: workload.name,
    params,
    contestants: contestants.map(({ name }) => name),
  }));
  const own = plan.cases.filter((_, at) => at % of === index - 1);
  return { plan: { ...plan, cases: own }, shard: { index, of, cases } };
}

function fromScheduler(of: string | undefined, env: Readonly<NodeJS.ProcessEnv>): Share {
  const found = INDEXES.filter((name) => (env[name] ?? '') !== '');
  const [name] = found;
  if (name === undefined || found.length > 1) {
    throw new ShardError(
      found.length > 1
        ? `--shard auto found both ${found.join(' and ')}: give the shard itself, such as --shard 2/5`
        : `--shard auto found neither ${INDEXES.join(' nor ')}: give the shard itself, such as --shard 2/5`,
    );
  }
  const told = name === 'BUILDKITE_PARALLEL_JOB' ? env[COUNT] : undefined;
  if (told !== undefined && of !== undefined && told !== of) {
    throw new ShardError(`--shard auto/${of} differs from ${COUNT}=${told}: leave /${of} out`);
  }
  const count = told ?? of;
  if (count === undefined) {
    throw new ShardError(
      `--shard auto found ${name}, but not how many shards there are: --shard auto/5 says so`,
    );
  }
  const index = env[name] as string;
  const digits = /^\d+$/;
  if (!digits.test(index)) {
    throw new ShardError(
      `--shard auto takes a whole number from 0, but ${name} is ${quote(index)}`,
    );
  }
  if (!digits.test(count)) {
    throw new ShardError(`--shard auto takes a whole number, but ${COUNT} is ${quote(count)}`);
  }
  const share = { index: Number(index) + 1, of: Number(count) };
  return checked(share, `--shard auto with ${name}=${index} of ${count}`);
}

function checked({ index, of }: Share, given: string): Share {
  if (of >= 1 && index >= 1 && index <= of) return { index, of };
  throw new ShardError(
    of < 1
      ? `${given}: there is at least one shard, such as 1/1`
      : `${given}: shards are counted from 1/${of} to ${of}/${of}`,
  );
}
