/** What a contestant's process cost the machine besides CPU time. */
import type { Cell, Round } from '../documents/results.js';
import type { JobCounts } from '../protocol/measured.js';
import { median } from '../stats/quantile.js';
import { sum } from '../stats/moments.js';

/** The highest peak of all rounds, and the median growth during a round's slices. */
export function memoryOf(rounds: readonly Round[]): Cell['memory'] {
  const told = rounds.flatMap(({ measures: { memory } }) => memory ?? []);
  if (told.length === 0) return null;
  return {
    peakBytes: Math.max(...told.map(({ peakBytes }) => peakBytes)),
    growthBytes: median(told.map(({ growthBytes }) => growthBytes)),
  };
}

/** `share` is the share of a job's time. Only collections of the main thread's heap count. */
export function gcOf(rounds: readonly Round[]): Cell['gc'] {
  const all = rounds.flatMap(({ slices }) => slices);
  const jobs = sum(all, (slice) => slice.jobs);
  const allJobs = sum(all, (slice) => slice.allJobs);
  const told = rounds.flatMap(({ measures: { gc } }) => gc ?? []);
  if (jobs === 0 || allJobs === 0 || told.length < rounds.length) return null;
  const ms = sum(told, (gc) => gc.ms);
  const msPerJob = sum(all, (slice) => slice.ms) / jobs;
  return {
    count: sum(told, ({ count }) => count),
    ms,
    share: ms / allJobs / msPerJob,
  };
}

/** Counts per job: medians over the rounds that were counted. */
export function countedOf(rounds: readonly Round[]): Cell['counted'] {
  const all = rounds.flatMap(({ counts }) => counts ?? []);
  if (all.length === 0) return null;
  const perJob = (of: (counts: JobCounts) => number | undefined): number | null => {
    const told = all.flatMap((each) => {
      const value = of(each);
      return value === undefined ? [] : [value / each.jobs];
    });
    return told.length === 0 ? null : median(told);
  };
  return {
    bytes: perJob(({ bytes }) => bytes),
    collections: perJob(({ collections }) => collections),
    calls: perJob(({ calls }) => calls),
    turns: perJob(({ turns }) => turns),
    faults: perJob(({ faults }) => faults),
  };
}

export function switchesOf(rounds: readonly Round[]): Cell['switches'] {
  const jobs = sum(rounds, ({ slices }) => sum(slices, ({ allJobs }) => allJobs));
  const told = rounds.flatMap(({ measures: { switches } }) => switches ?? []);
  if (jobs === 0 || told.length < rounds.length) return null;
  return {
    voluntaryPerJob: sum(told, ({ voluntary }) => voluntary) / jobs,
    involuntaryPerJob: sum(told, ({ involuntary }) => involuntary) / jobs,
  };
}
