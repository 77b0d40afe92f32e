import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '#dist/src/harness/plan.js';
import { ShardError, shareOf, sharded } from '#dist/src/studies/run/shard.js';

function planOf(count: number): Plan {
  const cases = Array.from({ length: count }, (_, at) => ({
    workload: { name: `work-${at}` },
    params: {},
    contestants: [{ name: 'microtask' }, { name: 'queue' }],
  }));
  return { reference: 'microtask', cases } as unknown as Plan;
}

describe('--shard', () => {
  it.each([
    ['2/5', {}, { index: 2, of: 5 }],
    ['1/1', {}, { index: 1, of: 1 }],
    ['auto/5', { JOB_COMPLETION_INDEX: '0' }, { index: 1, of: 5 }],
    [
      'auto',
      { BUILDKITE_PARALLEL_JOB: '3', BUILDKITE_PARALLEL_JOB_COUNT: '4' },
      { index: 4, of: 4 },
    ],
    [
      'auto/4',
      { BUILDKITE_PARALLEL_JOB: '0', BUILDKITE_PARALLEL_JOB_COUNT: '4' },
      { index: 1, of: 4 },
    ],
    ['2/5', { JOB_COMPLETION_INDEX: '0' }, { index: 2, of: 5 }],
  ])('%s is a share, with %o', (text, env, share) => {
    expect(shareOf(text, env)).toEqual(share);
  });

  it.each([
    ['0/5', {}, '--shard 0/5: shards are counted from 1/5 to 5/5'],
    ['6/5', {}, '--shard 6/5: shards are counted from 1/5 to 5/5'],
    ['2/0', {}, '--shard 2/0: there is at least one shard, such as 1/1'],
    ['a/b', {}, "--shard takes a share of the cases such as 2/5, or auto, but got 'a/b'"],
    ['2', {}, "but got '2'"],
    ['-1/5', {}, "but got '-1/5'"],
    ['', {}, "but got ''"],
    ['auto', {}, 'found neither JOB_COMPLETION_INDEX nor BUILDKITE_PARALLEL_JOB: give the shard'],
    ['auto', { JOB_COMPLETION_INDEX: '' }, 'found neither'],
    [
      'auto',
      { JOB_COMPLETION_INDEX: '1' },
      'not how many shards there are: --shard auto/5 says so',
    ],
    ['auto', { BUILDKITE_PARALLEL_JOB: '1' }, 'not how many shards there are'],
    ['auto/5', { JOB_COMPLETION_INDEX: 'x' }, "but JOB_COMPLETION_INDEX is 'x'"],
    [
      'auto/5',
      { JOB_COMPLETION_INDEX: '5' },
      'JOB_COMPLETION_INDEX=5 of 5: shards are counted from',
    ],
    [
      'auto',
      { BUILDKITE_PARALLEL_JOB: '1', BUILDKITE_PARALLEL_JOB_COUNT: 'y' },
      "but BUILDKITE_PARALLEL_JOB_COUNT is 'y'",
    ],
    [
      'auto/5',
      { BUILDKITE_PARALLEL_JOB: '1', BUILDKITE_PARALLEL_JOB_COUNT: '4' },
      'differs from BUILDKITE_PARALLEL_JOB_COUNT=4: leave /5 out',
    ],
    ['auto/5', { JOB_COMPLETION_INDEX: '1', BUILDKITE_PARALLEL_JOB: '1' }, 'found both'],
  ])('%s is refused by name, with %o', (text, env, message) => {
    const ask = (): unknown => shareOf(text, env);
    expect(ask).toThrow(ShardError);
    expect(ask).toThrow(message);
  });
});

describe('the shards of a plan', () => {
  it('have every case once, and differ by at most one case', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (count, of) => {
        fc.pre(of <= count);
        const plan = planOf(count);
        const shards = Array.from({ length: of }, (_, at) => sharded(plan, { index: at + 1, of }));
        const names = shards.flatMap((each) =>
          each.plan.cases.map(({ workload }) => workload.name),
        );
        expect(names.toSorted()).toEqual(
          plan.cases.map(({ workload }) => workload.name).toSorted(),
        );
        const sizes = shards.map((each) => each.plan.cases.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        for (const { shard } of shards) expect(shard.cases).toHaveLength(count);
      }),
    );
  });

  it('keep all contestants of a case together', () => {
    const { plan } = sharded(planOf(3), { index: 2, of: 3 });
    expect(plan.cases.map(({ contestants }) => contestants.length)).toEqual([2]);
  });

  it('are refused if one would have no case', () => {
    const ask = (): unknown => sharded(planOf(2), { index: 1, of: 3 });
    expect(ask).toThrow(ShardError);
    expect(ask).toThrow('this plan has 2 cases, so that it makes 2 shards at most');
  });
});
