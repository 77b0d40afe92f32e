import { expect, it } from 'vitest';
import { SliceMeasures } from '#dist/src/contestant/measures.js';
import type { Loop } from '#dist/src/loop/policy.js';
import { Histogram } from '#dist/src/stats/histogram.js';

/** A loop whose turns are all so long: a timer runs in the first turn after it is due, and one it sets in a later one. */
function slowLoop(turnMs: number) {
  let now = 0;
  let timers: { due: number; callback: () => void }[] = [];
  const loop = {
    now: () => now,
    callAt(due: number, callback: () => void) {
      const timer = { due, callback };
      timers.push(timer);
      return { cancel: () => void (timers = timers.filter((each) => each !== timer)) };
    },
  };
  const turn = (): void => {
    now += turnMs;
    const due = timers.filter((timer) => timer.due <= now);
    timers = timers.filter((timer) => timer.due > now);
    for (const { callback } of due) callback();
  };
  return { loop: loop as unknown as Loop, turn };
}

it.each([1, 3, 10, 37])('beats in turns of %d ms are late by a turn at most', (turnMs) => {
  const { loop, turn } = slowLoop(turnMs);
  const measures = new SliceMeasures(loop);
  const turns = 50;
  measures.begin(0);
  for (let i = 0; i < turns; i++) turn();
  measures.end(0);
  const lag = new Histogram();
  lag.add(measures.all().lag);
  // One every 2 ms, none left out by a long turn.
  expect(lag.count).toBe(Math.floor((turns * turnMs) / 2));
  expect(lag.quantile(1)).toBeLessThanOrEqual(turnMs);
  if (turnMs > 2) expect(lag.quantile(0.5)).toBeGreaterThan(turnMs / 4);
});
