import { wholeMs } from '#dist/src/loop/turn-driver.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';

/** The host's clock, which `wholeMs` counts on, runs this much ahead of `performance.now`. */
const OFFSET = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Two readings of the clocks are not taken at the same instant. */
const SLACK = 0.5;

it('asks the host for whole milliseconds that end at the deadline or up to 1 ms after it', () => {
  const time = fc.double({ min: 0, max: 1e9, noNaN: true });
  const delay = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(time, delay, (now, ms) => {
      const asked = wholeMs(now, ms);
      expect(Number.isInteger(asked)).toBe(true);
      expect(asked).toBeGreaterThanOrEqual(1);
      const rings = Math.floor(now + OFFSET) + asked;
      const deadline = now + OFFSET + ms;
      expect(rings).toBeGreaterThan(deadline - SLACK);
      // The host cannot count less than 1 ms, so that a delay of nothing is up to 1 ms more.
      expect(rings).toBeLessThan(deadline + 1 + SLACK);
    }),
    { numRuns: 2000 },
  );
});
