/** Jobs that arrive by a clock: all of them, when they were meant to, whatever holds the loop up. */
import { describe, expect, it } from 'vitest';
import type { Loop } from '#dist/src/loop/policy.js';
import { queue } from '#dist/src/policies/queue/index.js';
import { virtual } from '#dist/src/policies/virtual/index.js';
import { seeded } from '#dist/src/stats/random.js';
import { Histogram } from '#dist/src/stats/histogram.js';
import { jobSession, WrongResultError } from '#dist/src/workload/job-session.js';
import { gapMs, type Load } from '#dist/src/workload/open-loop.js';
import type { Session } from '#dist/src/workload/workload.js';

type TestJob = (loop: Loop, input: number) => Generator<unknown, string, unknown>;

function sessionOf(loop: Loop, job: TestJob): Session {
  const portable = { module: import.meta.url, export: 'job', job } as never;
  const latency = new Histogram();
  return jobSession<number>(loop, { job: portable, inputs: [1, 2, 3], concurrency: 2, latency });
}

const CONSTANT: Load = { perSecond: 100, arrivals: 'constant', seed: 1 };

describe('arrivals', () => {
  it('come at equal distances, or at random with the same mean, the same for a seed', () => {
    expect(gapMs(CONSTANT, seeded(1))).toBe(10);
    const poisson: Load = { perSecond: 200, arrivals: 'poisson', seed: 1 };
    const gaps = (seed: number): number[] => {
      const random = seeded(seed);
      return Array.from({ length: 20_000 }, () => gapMs(poisson, random));
    };
    const all = gaps(7);
    expect(all).toEqual(gaps(7));
    const mean = all.reduce((a, b) => a + b, 0) / all.length;
    const sd = Math.sqrt(all.reduce((a, b) => a + (b - mean) ** 2, 0) / all.length);
    // An exponential's deviation is its mean.
    expect(mean).toBeCloseTo(5, 0);
    expect(sd / mean).toBeCloseTo(1, 1);
    expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
  });
});

describe('an open loop', () => {
  it('submits each job when it is due, however many are under way', async () => {
    const loop = await virtual.open();
    const began: number[] = [];
    const session = sessionOf(loop, function* (l, input) {
      if (measuring) began.push(l.now());
      yield* l.io.sleep(500);
      return `${input}`;
    });
    let measuring = false;
    await loop.run(() => session.verify());
    measuring = true;
    const offered = await loop.run(() => session.offer?.(CONSTANT, 101) as never);
    expect(began.length).toBe(10);
    expect(began.map((at) => Math.round(at - (began[0] ?? 0)))).toEqual([
      0, 10, 20, 30, 40, 50, 60, 70, 80, 90,
    ]);
    const { wait, service, latency } = offered as { [part: string]: Histogram };
    expect([wait?.count, service?.count, latency?.count]).toEqual([10, 10, 10]);
    expect(wait?.quantile(1)).toBeLessThan(1);
    expect(service?.quantile(0.5)).toBeGreaterThan(480);
    expect(session.done).toBe(10);
    expect(await loop.close()).toMatchObject({ pending: [], failures: [] });
  });

  it('counts what a stalled loop kept waiting from when it should have come', async () => {
    const loop = await queue.open();
    let calls = 0;
    const session = sessionOf(loop, function* (_loop, input) {
      const until = performance.now() + (calls++ === 3 ? 120 : 0);
      while (performance.now() < until);
      return `${input}`;
    });
    await loop.run(() => session.verify());
    const offered = (await loop.run(
      () => session.offer?.({ perSecond: 500, arrivals: 'constant', seed: 1 }, 100) as never,
    )) as { [part: string]: Histogram };
    // The first job holds the loop for 120 ms; the others, due every 2 ms, have waited for it.
    expect(offered['latency']?.count).toBe(49);
    expect(offered['wait']?.quantile(0.5)).toBeGreaterThan(40);
    expect(offered['service']?.quantile(0.5)).toBeLessThan(40);
    await loop.close();
  });

  it('notices a wrong result', async () => {
    const loop = await queue.open();
    let calls = 0;
    const session = sessionOf(loop, function* () {
      return calls++ === 6 ? 'wrong' : 'right';
    });
    await loop.run(() => session.verify());
    await expect(
      loop.run(() => session.offer?.({ ...CONSTANT, perSecond: 1000 }, 50) as never),
    ).rejects.toThrow(WrongResultError);
    await loop.close();
  });
});
