/** The closed loop of jobs: what is counted, what is noticed, and that nothing gets lost. */
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '#dist/src/loop/errors.js';
import { microtask } from '#dist/src/policies/microtask/index.js';
import { queue } from '#dist/src/policies/queue/index.js';
import { workers } from '#dist/src/policies/workers/index.js';
import type { Loop, PortableJob } from '#dist/src/loop/policy.js';
import { Histogram } from '#dist/src/stats/histogram.js';
import { WrongResultError, jobSession } from '#dist/src/workload/job-session.js';
import type { Session } from '#dist/src/workload/workload.js';

describe.each([microtask, queue])('a session of jobs under $name', (policy) => {
  /** Jobs run here, not in a module of their own: these policies take a job as it is. */
  async function opened<I>(
    job: (loop: Loop, input: I) => Generator<unknown, string, unknown>,
    inputs: I[],
    concurrency: number,
  ): Promise<{ loop: Loop; session: Session; latency: Histogram }> {
    const loop = await policy.open();
    const latency = new Histogram();
    const portable = { module: import.meta.url, export: 'job', job } as never;
    const session = jobSession<I>(loop, { job: portable, inputs, concurrency, latency });
    return { loop, session, latency };
  }

  /** Jobs that say how many there are, and how many are under way. */
  function counting() {
    const seen = { begun: 0, underWay: 0, most: 0 };
    const job = function* (loop: Loop, input: number) {
      seen.begun++;
      seen.most = Math.max(seen.most, ++seen.underWay);
      yield* loop.io.sleep(0);
      seen.underWay--;
      return `${input}`;
    };
    return { seen, job };
  }

  it('has as many jobs under way as it says, between batches too, and none at rest', async () => {
    const { seen, job } = counting();
    const { loop, session, latency } = await opened(job, [1, 2, 3], 4);
    await loop.run(() => session.verify());
    expect(seen).toEqual({ begun: 3, underWay: 0, most: 1 });
    await loop.run(() => session.batch(6));
    expect(seen.underWay).toBeGreaterThan(0);
    await loop.run(() => session.batch(6));
    await loop.run(() => session.rest());
    expect(seen.underWay).toBe(0);
    expect(seen.most).toBe(4);
    expect(session.done).toBe(seen.begun - 3);
    expect(latency.count).toBe(seen.begun);
    await loop.run(() => session.close());
    expect(await loop.close()).toMatchObject({ pending: [], failures: [] });
  });

  it('ends batches of whole cycles at the same place of a cycle, and others where they are', async () => {
    const job = function* (_loop: Loop, input: number) {
      return `${input}`;
    };
    const inputs = Array.from({ length: 12 }, (_, i) => i);
    const { loop, session } = await opened(job, inputs, 3);
    await loop.run(() => session.verify());
    for (let i = 1; i <= 40; i++) {
      await loop.run(() => session.batch(12));
      expect(session.done).toBeGreaterThanOrEqual(12 * i);
      // What the lanes did until the loop stopped: two jobs each at most.
      expect(session.done).toBeLessThanOrEqual(12 * i + 6);
    }
    const before = session.done;
    await loop.run(() => session.batch(11));
    expect(session.done).toBeGreaterThanOrEqual(before + 11);
    await loop.run(() => session.rest());
    await loop.close();
  });

  it('notices a result that differs from the verified one', async () => {
    let calls = 0;
    const { loop, session } = await opened(
      function* () {
        return calls++ === 5 ? 'wrong' : 'right';
      },
      ['a', 'b'],
      2,
    );
    await loop.run(() => session.verify());
    const error = await loop.run(() => session.batch(100)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WrongResultError);
    expect(String(error)).toMatch(/job job gave 'wrong' for input 1, but 'right' when it was/);
    await loop.close();
  });

  it('a job that fails rejects its batch, and those after it', async () => {
    let calls = 0;
    const { loop, session } = await opened(
      function* (l) {
        yield* l.io.sleep(0);
        if (calls++ >= 4) throw new InvalidArgumentError(`call ${calls}`);
        return 'ok';
      },
      ['a'],
      3,
    );
    await loop.run(() => session.verify());
    await expect(loop.run(() => session.batch(50))).rejects.toThrow(InvalidArgumentError);
    await expect(loop.run(() => session.batch(1))).rejects.toThrow('call 5');
    await loop.close();
  });

  it('a job that fails after its batch was done is told by the next one', async () => {
    let verified = false;
    const { loop, session } = await opened(
      function* (_loop, input: string) {
        if (verified && input === 'b') {
          yield;
          throw new InvalidArgumentError('b fails late');
        }
        return input;
      },
      ['a', 'b'],
      2,
    );
    await loop.run(() => session.verify());
    verified = true;
    // Lane 1 has done 'a', and that is the batch; lane 2 fails with 'b' a turn later.
    await loop.run(() => session.batch(1));
    await expect(loop.run(() => session.batch(1))).rejects.toThrow('b fails late');
    await expect(loop.run(() => session.rest())).rejects.toThrow('b fails late');
    await loop.close();
  });

  it('takes at least one input, and a whole number of jobs in flight', async () => {
    const { job } = counting();
    await expect(opened(job, [], 1)).rejects.toThrow(/got no inputs/);
    for (const concurrency of [0, 1.5, NaN]) {
      await expect(opened(job, [1], concurrency)).rejects.toThrow(
        `concurrency takes a whole number from 1, but got ${concurrency}`,
      );
    }
  });
});

it('a result has the same digest here and from a thread, whatever can be cloned', async () => {
  const module = new URL('./programs/results.mjs', import.meta.url).href;
  const digests = new Map<string, Set<string>>();
  for (const policy of [queue, workers]) {
    const loop = await policy.open();
    for (const name of ['bytes', 'instance', 'table']) {
      const job: PortableJob<number> = { module, export: name };
      const latency = new Histogram();
      const session = jobSession(loop, { job, inputs: [1, 2], concurrency: 1, latency });
      const digest = await loop.run(() => session.verify());
      digests.set(name, (digests.get(name) ?? new Set()).add(digest));
    }
    await loop.close();
  }
  // One digest a job, and another for another job: the content is in it.
  expect([...digests.values()].map(({ size }) => size)).toEqual([1, 1, 1]);
  expect(new Set([...digests.values()].flatMap((each) => [...each])).size).toBe(3);
});
