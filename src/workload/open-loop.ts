/**
 * An open loop: jobs arrive at planned times, and not when the last job is done.
 *
 *   intended arrival ──wait──▶ the loop submits the job ──service──▶ its result
 *   └──────────────────────────── latency ───────────────────────────────┘
 *
 * In a closed loop a stalled server receives no requests while it stalls, and its queue stays hidden (coordinated
 * omission). Here arrivals are planned before the run, from a seed, and latency is counted from the intended arrival. A
 * loop's timers are coarse, a millisecond in Node: that much of the wait is how late a loop learns of the time, as for
 * any work that a timer starts.
 */
import type { Random } from '../stats/random.js';
import { Histogram, type Counts } from '../stats/histogram.js';

export const ARRIVALS = ['poisson', 'constant'] as const;
export type ArrivalKind = (typeof ARRIVALS)[number];

export interface Load {
  readonly perSecond: number;
  readonly arrivals: ArrivalKind;
  readonly seed: number;
}

/** The resolution of a random number: the number of steps between 0 and 1. */
const FINE = 2 ** 30;

/** The time from one arrival to the next, in ms. */
export function gapMs({ perSecond, arrivals }: Load, random: Random): number {
  const mean = 1000 / perSecond;
  return arrivals === 'constant' ? mean : -Math.log(1 - random.int(0, FINE - 1) / FINE) * mean;
}

/** The latencies of the jobs of one stretch, in ms. */
export class Offered {
  readonly wait = new Histogram();
  readonly service = new Histogram();
  readonly latency = new Histogram();

  record(due: number, began: number, ended: number): void {
    this.wait.record(Math.max(0, began - due));
    this.service.record(ended - began);
    this.latency.record(ended - due);
  }
}

export interface OfferedCounts {
  readonly wait: Counts;
  readonly service: Counts;
  readonly latency: Counts;
}
