/**
 * Where the time of a pool's jobs goes, in ms. Both sides use one clock, `hostNow`: it counts from the boot of the
 * machine, in every thread and process alike.
 *
 *   submit ──queue──▶ sent ──there──▶ began ──run──▶ ended ──back──▶ its task settles
 */
export interface Timings {
  /** Jobs that gave a result; the sums cover only these. */
  jobs: number;
  queueMs: number;
  thereMs: number;
  runMs: number;
  backMs: number;
}

export function noTimings(): Timings {
  return { jobs: 0, queueMs: 0, thereMs: 0, runMs: 0, backMs: 0 };
}
