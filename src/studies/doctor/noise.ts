/**
 * How noisy a machine is, measured in a few seconds: a fixed piece of work again and again, and a timer. Spreads are
 * robust (interquartile range over 1.349, which for a normal distribution is the standard deviation), so that a few
 * stalls do not hide what is usual. Stalls are reported separately.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../../stats/quantile.js';
import { cpuTicks } from '../../system/machine.js';

export interface Noise {
  /** The spread of the time of a piece of work of some 5 ms, over its median. */
  readonly spread: number;
  /** How much slower than the median the slowest hundredth was. */
  readonly stalls: number;
  /** How late a timer of 1 ms was, in ms: the median and the worst hundredth. */
  readonly timerLate: { readonly p50: number; readonly p99: number };
  /** The share of CPU time that the hypervisor gave to others meanwhile; null where it is not reported. */
  readonly steal: number | null;
}

const PIECES = 300;
const PIECE_MS = 5;
const TIMERS = 300;

export async function measureNoise(): Promise<Noise> {
  const before = cpuTicks();
  const steps = calibrate();
  const pieces: number[] = [];
  for (let i = 0; i < PIECES; i++) {
    pieces.push(timed(steps));
    if (i % 20 === 0) await sleep(0); // so that the rest of this process, such as Ctrl-C, gets a turn
  }
  const late: number[] = [];
  for (let i = 0; i < TIMERS; i++) {
    const began = performance.now();
    await sleep(1);
    late.push(performance.now() - began - 1);
  }
  const after = cpuTicks();
  const median = quantile(pieces, 0.5);
  return {
    spread: (quantile(pieces, 0.75) - quantile(pieces, 0.25)) / 1.349 / median,
    stalls: quantile(pieces, 0.99) / median - 1,
    timerLate: { p50: quantile(late, 0.5), p99: quantile(late, 0.99) },
    steal:
      before === null || after === null
        ? null
        : (after.steal - before.steal) / Math.max(1, after.total - before.total),
  };
}

/** The number of steps for which a piece of work takes about PIECE_MS here. */
function calibrate(): number {
  let steps = 10_000;
  for (let took = timed(steps); took < PIECE_MS; took = timed(steps)) steps *= 2;
  return Math.round(
    (steps * PIECE_MS) / Math.min(...Array.from({ length: 9 }, () => timed(steps))),
  );
}

let sink = 0;

function timed(steps: number): number {
  const began = performance.now();
  let x = sink | 1;
  for (let i = 0; i < steps; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  sink = x; // so that the loop is not optimised away
  return performance.now() - began;
}
