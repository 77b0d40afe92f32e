/** A contestant that does wrong: its cell has failed and says why, and the others have numbers. */
import { describe, expect, it } from 'vitest';
import { catalogueOf } from '#dist/src/catalogue/catalogue.js';
import { measureCases } from '#dist/src/harness/measure.js';
import { PLAIN, ROUND, contestantOf, type Plan } from '#dist/src/harness/plan.js';
import { LIMITS } from '#dist/src/studies/plan.js';

const config = new URL('./programs/faulty.config.mjs', import.meta.url).href;
const { policies, workloads } = await catalogueOf(config);

function planOf(workload: string, limits = LIMITS): Plan {
  const contestants = policies
    .filter(({ name }) => name === 'microtask' || name === 'guilty')
    .map((policy) => contestantOf(policy, config));
  return {
    reference: 'microtask',
    cases: workloads
      .filter(({ name }) => name === workload)
      .map((one) => ({ workload: one, params: {}, contestants })),
    effort: { rounds: 2 },
    round: {
      ...ROUND,
      blocks: 4,
      blockMs: 16,
      warm: { windowMs: 5, learnMs: 0, leastMs: 0, mostMs: 50 },
    },
    limits,
    launch: PLAIN,
    seed: 1,
  };
}

const MIB = 1024 ** 2;
const never = new AbortController().signal;

describe('a contestant that', () => {
  const wrong: [string, RegExp, typeof LIMITS?][] = [
    ['throws', /RangeError: the job had enough/],
    ['hangs', /gave no answer to 'slice' within 1/, { ...LIMITS, workMs: 1000 }],
    ['exits', /guilty exited with code 7/],
    [
      'floods',
      /took \d+ MiB of memory; the limit is 400 MiB/,
      { ...LIMITS, memoryBytes: 400 * MIB },
    ],
    ['differs', /did other work: its digest another digest differs from microtask's [0-9a-f]{16}/],
    ['leaks', /left behind: task forgotten pending/],
  ];
  for (const [fault, reason, limits] of wrong) {
    it(`${fault} has failed, and the other is measured`, async () => {
      const { cases } = await measureCases(planOf(fault, limits), {
        signal: never,
        onProgress: () => {},
      });
      const [other, guilty] = cases[0]?.contestants ?? [];
      expect(guilty).toMatchObject({ contestant: { name: 'guilty' }, status: 'failed' });
      expect(guilty?.reason?.replace(/(\d)\.\d+/, '$1')).toMatch(reason);
      expect(other).toMatchObject({ status: 'ok', reason: null });
      expect(other?.rounds).toHaveLength(2);
    });
  }

  it('works has all its rounds, and says what it measured', async () => {
    const seen: string[] = [];
    const { cases, parentShare } = await measureCases(planOf('works'), {
      signal: never,
      onProgress: ({ workload, round }) => seen.push(`${workload} ${round}`),
    });
    expect(seen).toEqual(['works 0', 'works 1']);
    expect(parentShare).toBeGreaterThan(0);
    expect(cases[0]?.contestants).toHaveLength(2);
    for (const { status, rounds, digest } of cases[0]?.contestants ?? []) {
      expect(status).toBe('ok');
      expect(digest).toMatch(/^[0-9a-f]{16}$/);
      for (const { round, slices, measures, firstJobMs, batch } of rounds) {
        expect(slices.map(({ turn }) => turn)).toEqual([0, 1, 2, 3]);
        // From the second round on others start at the same time: 0 is for not measured.
        expect(firstJobMs > 0).toBe(round === 0 || ROUND.atOnce === 1);
        expect(batch).toBeGreaterThanOrEqual(1);
        let jobs = 0;
        for (const slice of slices) {
          jobs += slice.allJobs;
          expect(slice.jobs).toBeGreaterThan(0);
          expect(slice.allJobs).toBeGreaterThanOrEqual(slice.jobs);
          expect(slice.samplesMs).toEqual(slice.samplesMs.toSorted((a, b) => a - b));
        }
        // Every job of the slices was timed, and none of the warm-up.
        expect(sum(measures.latency)).toBe(jobs);
        expect(sum(measures.lag)).toBeGreaterThan(0);
        expect(measures.memory?.peakBytes).toBeGreaterThan(10 * MIB);
      }
    }
  });

  it.skipIf(process.platform !== 'linux')(
    'is small has not the memory of who started it',
    async () => {
      const ballast = Buffer.alloc(512 * MIB, 1);
      const { cases } = await measureCases(planOf('works'), {
        signal: never,
        onProgress: () => {},
      });
      expect(ballast[ballast.length - 1]).toBe(1);
      expect(cases[0]?.contestants).toHaveLength(2);
      for (const { rounds } of cases[0]?.contestants ?? []) {
        for (const { measures } of rounds)
          expect(measures.memory?.peakBytes).toBeLessThan(400 * MIB);
      }
    },
  );

  it('comes when the budget is spent already is aborted, with what to do', async () => {
    const plan = { ...planOf('works'), effort: { budgetMs: 1, precision: 0 } };
    const { cases } = await measureCases(plan, { signal: never, onProgress: () => {} });
    expect(cases[0]?.contestants).toHaveLength(2);
    for (const { status, reason } of cases[0]?.contestants ?? []) {
      expect(status).toBe('aborted');
      expect(reason).toMatch(/before its first round.*--budget/);
    }
  });
});

/** The sum of the counts, which stand at the odd places. */
function sum(counts: readonly number[]): number {
  return counts.reduce((total, value, i) => total + (i % 2 === 1 ? value : 0), 0);
}
