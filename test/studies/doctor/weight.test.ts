import { expect, it } from 'vitest';
import { weigh } from '#dist/src/studies/doctor/weight.js';

/** 1.3 times the most that was seen: 1.35 MiB on Node 26; 0.9 on Node 20. */
const MOST_HEAP = 1.75 * 2 ** 20;
/** There are 13, of which one is tinybench. */
const MOST_MODULES = 15;

it.skipIf(process.platform === 'win32')(
  'measuring adds little to a process, and no thread',
  { timeout: 60_000 },
  async () => {
    const weight = await weigh();
    expect(weight?.bare.modules).toBeGreaterThan(20);
    const { heapBytes = NaN, modules = NaN, threads, environment } = weight?.adds ?? {};
    expect(heapBytes).toBeGreaterThan(0);
    expect(heapBytes).toBeLessThan(MOST_HEAP);
    expect(modules).toBeGreaterThan(0);
    expect(modules).toBeLessThanOrEqual(MOST_MODULES);
    expect(threads).toBe(process.platform === 'linux' ? 0 : null);
    expect(environment).toEqual([]);
  },
);
