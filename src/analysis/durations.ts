/** Latency and loop lag: the histograms of all rounds together, and some of their quantiles in ms. */
import type { Cell, Round } from '../documents/results.js';
import { Histogram, type Counts } from '../stats/histogram.js';

/** The whole latency, or one of the parts that an open loop records. */
export function latencyOf(
  rounds: readonly Round[],
  part: 'latency' | 'wait' | 'service' = 'latency',
): Cell['latency'] {
  const all = merged(rounds.map(({ measures }) => measures[part] ?? []));
  if (all === null) return null;
  return {
    count: all.count,
    p50: at(all, 0.5),
    p90: at(all, 0.9),
    p99: at(all, 0.99),
    p999: at(all, 0.999),
    max: at(all, 1),
    unit: 'ms',
  };
}

export function lagOf(rounds: readonly Round[]): Cell['lag'] {
  const all = merged(rounds.map(({ measures }) => measures.lag));
  if (all === null) return null;
  return { count: all.count, p50: at(all, 0.5), p99: at(all, 0.99), max: at(all, 1), unit: 'ms' };
}

function merged(all: readonly Counts[]): Histogram | null {
  const histogram = new Histogram();
  for (const counts of all) histogram.add(counts);
  return histogram.count === 0 ? null : histogram;
}

function at(histogram: Histogram, p: number): number {
  return histogram.quantile(p) as number;
}
