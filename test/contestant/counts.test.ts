import { expect, it } from 'vitest';
import { countJobs } from '#dist/src/contestant/counts.js';
import { queue } from '#dist/src/policies/queue/index.js';
import type { Session } from '#dist/src/workload/workload.js';

/** Each of its jobs allocates arrays of so many elements in all, of 8 bytes each. */
function allocating(elements: number) {
  const kept: number[][] = [];
  const session: Session = {
    concurrency: 1,
    done: 0,
    *verify() {
      return '';
    },
    *batch(jobs) {
      for (let job = 0; job < jobs; job++) {
        kept[job & 63] = new Array<number>(elements).fill(0.5);
        (session as { done: number }).done++;
      }
    },
    *rest() {},
    *close() {},
  };
  return session;
}

it('the bytes of a job are those that it allocates, over many collections', async () => {
  const loop = await queue.open();
  const small = allocating(1000);
  const large = allocating(1100);
  for (const session of [small, large]) await countJobs(loop, session, 5000); // compiled
  const counts = [];
  for (const session of [small, large, small, large]) {
    counts.push(await countJobs(loop, session, 20_000));
  }
  const [a, b, again, bAgain] = counts.map(({ bytes = 0, jobs }) => bytes / jobs) as [
    number,
    number,
    number,
    number,
  ];
  expect(counts.every(({ jobs, collections = 0 }) => jobs === 20_000 && collections > 1)).toBe(
    true,
  );
  expect(a).toBeGreaterThanOrEqual(8000);
  expect(a).toBeLessThan(8400);
  expect(b - a).toBeGreaterThan(760);
  expect(b - a).toBeLessThan(840);
  expect(Math.abs(again / a - 1)).toBeLessThan(0.005);
  expect(Math.abs(bAgain / b - 1)).toBeLessThan(0.005);
  await loop.close();
});

it('the page faults of a job are the pages of fresh memory that it writes to', async () => {
  const loop = await queue.open();
  const PAGES = 256; // 1 MiB of pages of 4 KiB: more than an allocator keeps for the next one
  const touching: Session = {
    ...allocating(1),
    *batch(jobs) {
      for (let job = 0; job < jobs; job++) {
        kept[job & 63] = Buffer.allocUnsafeSlow(PAGES * 4096).fill(1);
        (touching as { done: number }).done++;
      }
    },
  };
  const kept: Buffer[] = [];
  const { faults = 0, jobs } = await countJobs(loop, touching, 64);
  expect(faults / jobs).toBeGreaterThan(0.8 * PAGES);
  expect(faults / jobs).toBeLessThan(2 * PAGES);
  await loop.close();
});
