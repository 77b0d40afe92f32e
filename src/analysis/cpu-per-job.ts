/** CPU time of a job: of the whole process and all its threads, over every job of its slices. */
import type { CpuPerJob, Round } from '../documents/results.js';
import { observed, priorOf, type Observed } from '../documents/observations.js';
import { median } from '../stats/quantile.js';
import type { PriorSpread } from '../stats/prior-spread.js';
import { ratioInterval } from '../stats/interval.js';
import { sum } from '../stats/moments.js';

type Slices = Round['slices'];

/** Log µs per job of each round that has any; none where the machine's CPU clock is too coarse to see the work. */
export function logCpu(rounds: readonly Round[]): Observed {
  const told = rounds.filter(({ slices }) => sum(slices, ({ allJobs }) => allJobs) > 0);
  const logs = told.map(({ slices }) => Math.log(usPerJob(slices)));
  // Some systems count CPU time in steps of 15.6 ms. A round below one step would read as free.
  if (!logs.every(Number.isFinite)) return { logs: [], unit: null };
  const blocks = told.map((round) => blocksOf(round).map((slices) => Math.log(usPerJob(slices))));
  const seen = blocks.every((each) => each.every(Number.isFinite));
  return { logs, unit: seen ? observed(blocks).unit : null };
}

/** Null also where the machine's CPU clock is too coarse to see any of the work. */
export function cpuPerJobOf(rounds: readonly Round[], common: PriorSpread): CpuPerJob | null {
  const of = logCpu(rounds);
  if (of.logs.length === 0) return null;
  const whole = ratioInterval(of.logs, 0.95, priorOf(common, of));
  const shares = rounds
    .map(({ slices }) => sum(slices, ({ cpuUserUs }) => cpuUserUs) / cpuUs(slices))
    .filter(Number.isFinite);
  const share = median(shares);
  return { ...whole, user: whole.point * share, system: whole.point * (1 - share), unit: 'us' };
}

/** A block in which no job ended says nothing. */
function blocksOf({ slices, block }: Round): Slices[] {
  const blocks = new Map<number, Slices>();
  for (const slice of slices) {
    const at = Math.floor(slice.turn / block);
    blocks.set(at, [...(blocks.get(at) ?? []), slice]);
  }
  return [...blocks.values()].filter((each) => sum(each, ({ allJobs }) => allJobs) > 0);
}

function usPerJob(slices: Slices): number {
  return cpuUs(slices) / sum(slices, ({ allJobs }) => allJobs);
}

function cpuUs(slices: Slices): number {
  return sum(slices, ({ cpuUserUs, cpuSystemUs }) => cpuUserUs + cpuSystemUs);
}
