/** CPU time of a job: of the whole process and all its threads, over every job of its slices. */
import type { CpuPerJob, Round } from '../documents/results.js';
import { median } from '../stats/quantile.js';
import type { PriorSpread } from '../stats/prior-spread.js';
import { geometricInterval } from '../stats/interval.js';
import { sum } from '../stats/moments.js';

/** µs per job, of each round that has any. */
export function cpuOf(rounds: readonly Round[]): { total: number; user: number }[] {
  const perRound = rounds
    .map(({ slices }) => ({
      user: sum(slices, ({ cpuUserUs }) => cpuUserUs),
      system: sum(slices, ({ cpuSystemUs }) => cpuSystemUs),
      jobs: sum(slices, ({ allJobs }) => allJobs),
    }))
    .filter(({ jobs }) => jobs > 0)
    .map(({ user, system, jobs }) => ({ user: user / jobs, total: (user + system) / jobs }));
  // Some systems count CPU time in steps of 15.6 ms. A round below one step would read as free.
  return perRound.some(({ total }) => total === 0) ? [] : perRound;
}

/** Null also where the machine's CPU clock is too coarse to see any of the work. */
export function cpuPerJobOf(rounds: readonly Round[], prior: PriorSpread): CpuPerJob | null {
  const perRound = cpuOf(rounds);
  if (perRound.length === 0) return null;
  const whole = geometricInterval(
    perRound.map(({ total }) => total),
    0.95,
    prior,
  );
  const share = median(perRound.map(({ user, total }) => user / total));
  return { ...whole, user: whole.point * share, system: whole.point * (1 - share), unit: 'us' };
}
