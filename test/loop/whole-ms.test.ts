import { hostNow } from '#dist/src/loop/clock.js';
import { wholeMs } from '#dist/src/loop/turn-driver.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';

it('a loop asks the host for whole milliseconds that end at the deadline or up to 1 ms after it', () => {
  const time = fc.double({ min: 0, max: 1e9, noNaN: true });
  const delay = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(time, delay, (now, ms) => {
      const asked = wholeMs(now, ms);
      expect(Number.isInteger(asked)).toBe(true);
      expect(asked).toBeGreaterThanOrEqual(1);
      const rings = Math.floor(now) + asked;
      expect(rings).toBeGreaterThanOrEqual(now + ms);
      // The host cannot count less than 1 ms, so that a delay of nothing is up to 1 ms more.
      expect(rings).toBeLessThanOrEqual(now + ms + 1);
    }),
    { numRuns: 2000 },
  );
});

it("the loops' clock is the host's", () => {
  const before = Number(process.hrtime.bigint()) / 1e6;
  const now = hostNow();
  const after = Number(process.hrtime.bigint()) / 1e6;
  expect(now).toBeGreaterThanOrEqual(before - 1e-3); // a double of a time since boot, to a µs
  expect(now).toBeLessThanOrEqual(after + 1e-3);
});
