import { describe, expect, it } from 'vitest';
import { batchesFor } from '#dist/src/harness/batches.js';

const fast = { name: 'fast', jobsPerMs: 40, concurrency: 4, cycle: 1 };
const slow = { name: 'slow', jobsPerMs: 0.5, concurrency: 4, cycle: 1 };
const usual = { sampleMs: 1, turnMs: 50, alike: false };

describe('the jobs of a sample', () => {
  it('take about as long as asked for, and are never fewer than are in flight', () => {
    expect(Object.fromEntries(batchesFor([fast, slow], usual))).toEqual({ fast: 40, slow: 4 });
  });

  it('are whole cycles of the inputs', () => {
    const cells = [fast, { ...slow, jobsPerMs: 10 }].map((each) => ({ ...each, cycle: 16 }));
    expect([...batchesFor(cells, usual).values()]).toEqual([48, 16]);
  });

  it('are whole cycles for all contestants, or for none: not where one sample fills much of a turn', () => {
    const cells = [fast, slow].map((each) => ({ ...each, cycle: 16 }));
    expect([...batchesFor(cells, usual).values()]).toEqual([40, 4]);
  });

  it('are as many in all builds of one policy', () => {
    expect([...batchesFor([fast, slow], { ...usual, alike: true }).values()]).toEqual([40, 40]);
  });
});
