/** One clock on both sides: what a pool says of its jobs' times can be added up. */
import { describe, expect, it } from 'vitest';
import { expectAlive, fault, outcomeOf, pools, withPool } from './kit.js';
import { hostNow } from '#dist/src/loop/clock.js';

const clock = { module: new URL('./programs/clock.mjs', import.meta.url).href, export: 'now' };

describe.each(pools)('$name', (pool) => {
  it('reads the same clock in a worker as here', async () => {
    await withPool(pool, {}, async (loop) => {
      for (let i = 0; i < 200; i++) {
        const before = hostNow();
        const there = (await outcomeOf(loop.submit(clock, null))) as number;
        const after = hostNow();
        expect(there).toBeGreaterThanOrEqual(before);
        expect(there).toBeLessThanOrEqual(after);
      }
    });
  });

  it('says where the time of the jobs went', async () => {
    await withPool(pool, { timings: true, size: 1 }, async (loop, submit) => {
      await expectAlive(loop);
      const before = { ...loop.timings };
      const began = hostNow();
      for (let i = 0; i < 10; i++) await submit('portableLater', { ms: 10, value: i });
      const all = hostNow() - began;
      const parts = (['queueMs', 'thereMs', 'runMs', 'backMs'] as const).map((part) => {
        const ms = loop.timings[part] - before[part];
        expect(ms, part).toBeGreaterThan(0);
        return ms;
      });
      expect(loop.timings.jobs - before.jobs).toBe(10);
      expect(parts[2]).toBeGreaterThan(95);
      expect(parts.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(all);
    });
  });

  it('measures nothing unless it is asked to', async () => {
    await withPool(pool, {}, async (loop) => {
      await expectAlive(loop);
      expect(loop.timings).toEqual({ jobs: 0, queueMs: 0, thereMs: 0, runMs: 0, backMs: 0 });
      expect(await outcomeOf(loop.submit(fault('portableIdentity'), 1))).toBe(1);
    });
  });
});
