/** CPU time per job: of the whole process with all its threads, over every job of its slices. */
import type { CpuPerJob, Round } from '../documents/results.js';
import { absolute, priorOf, type Observed } from '../documents/observations.js';
import { median } from '../stats/quantile.js';
import type { PriorSpread } from '../stats/prior-spread.js';
import { ratioInterval } from '../stats/interval.js';
import { sum } from '../stats/moments.js';

/** Log µs per job, one for each round that has any. Empty if the machine's CPU clock is too coarse to see the work. */
export function logCpu(rounds: readonly Round[]): Observed {
  const told = rounds.filter(({ slices }) => cpuJobsOf(slices) > 0);
  const logs = told.map(({ slices }) => Math.log(cpuUsOf(slices) / cpuJobsOf(slices)));
  // Some systems count CPU time in steps of 15.6 ms. A round below one step would read as free.
  return absolute(logs.every(Number.isFinite) ? logs : []);
}

/** Null also if the machine's CPU clock is too coarse to see any of the work. */
export function cpuPerJobOf(rounds: readonly Round[], common: PriorSpread): CpuPerJob | null {
  const of = logCpu(rounds);
  if (of.logs.length === 0) return null;
  const whole = ratioInterval(of.logs, 0.95, priorOf(common, of));
  const shares = rounds
    .map(({ slices }) => sum(slices, ({ cpuUserUs }) => cpuUserUs) / cpuUsOf(slices))
    .filter(Number.isFinite);
  const share = median(shares);
  return { ...whole, user: whole.point * share, system: whole.point * (1 - share), unit: 'us' };
}

/** The number of jobs that the CPU time covers. */
export function cpuJobsOf(slices: Round['slices']): number {
  return sum(slices, ({ cpuJobs, allJobs }) => cpuJobs ?? allJobs);
}

export function cpuUsOf(slices: Round['slices']): number {
  return sum(slices, ({ cpuUserUs, cpuSystemUs }) => cpuUserUs + cpuSystemUs);
}
