/** CPU time of a job: of the whole process and all its threads, over every job of its slices. */
import type { CpuPerJob, Round } from '../schema/results.js';
import { median } from './median.js';
import { geometricInterval } from './ratio-interval.js';
import { sum } from './sum.js';

/** Null also where the machine's CPU clock is too coarse to see any of the work. */
export function cpuPerJobOf(rounds: readonly Round[]): CpuPerJob | null {
  const perRound = rounds
    .map(({ slices }) => ({
      user: sum(slices, ({ cpuUserUs }) => cpuUserUs),
      system: sum(slices, ({ cpuSystemUs }) => cpuSystemUs),
      jobs: sum(slices, ({ allJobs }) => allJobs),
    }))
    .filter(({ jobs }) => jobs > 0);
  const totals = perRound.map(({ user, system, jobs }) => (user + system) / jobs);
  // Some systems count CPU time in steps of 15.6 ms. A round below one step would read as free.
  if (totals.length === 0 || totals.includes(0)) return null;
  const whole = geometricInterval(totals);
  const share = median(perRound.map(({ user, system }) => user / (user + system)));
  return { ...whole, user: whole.point * share, system: whole.point * (1 - share), unit: 'us' };
}
