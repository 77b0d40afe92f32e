/**
 * Simulated runs on several hosts, of which the true ratio is known: how often does the interval of `loopdyno merge` hold
 * it, and how wide is it?
 *
 *   log ratio of a round = 0 + host, N(0, τ²) + round, N(0, σ²)       σ: of the cell, times a factor of the host
 *
 * What follows is what `merge` does: each host's cells have a common spread, and a cell's ratio is the mean over hosts.
 */
import { averageOver, type HostRounds } from '../../src/analysis/hosts.js';
import { commonSpread, priorOf, type Observed } from '../../src/documents/observations.js';
import { mean, sum } from '../../src/stats/moments.js';
import { normalQuantile } from '../../src/stats/normal.js';
import { heldTo } from '../../src/stats/prior-spread.js';
import { median } from '../../src/stats/quantile.js';
import { pooledVariance, randomEffects } from '../../src/stats/random-effects.js';
import { mixed, seeded, type Random } from '../../src/stats/random.js';
import type { Estimate } from '../../src/text/format.js';

/** How one cell's rounds spread on one host, on the log scale. */
export interface CellSpread {
  readonly deviation: number;
  readonly rounds: number;
  /** What the noise within its rounds explains; see `documents/observations.ts`. */
  readonly unit: number | null;
}

export interface Simulated {
  readonly hosts: number;
  readonly tau: number;
  /** Intervals, and how many of them hold the true ratio. */
  readonly of: number;
  readonly holds: number;
  /** The same with weights from each host's own rounds, instead of one σ for all hosts; null for a single host. */
  readonly holdsByOwnNoise: number | null;
  /** And with ± 1.96 standard errors, which take tau as known. */
  readonly holdsByNormal: number | null;
  /** The median half width, as a share. */
  readonly halfWidth: number;
}

/** The spread of σ from host to host, on the log scale: one host in three is 1.35 times as noisy as usual, or more. */
const HOST_NOISE = 0.3;
const RANGE = 2 ** 31;

export function simulate(
  cells: readonly CellSpread[],
  { hosts, tau, runs, seed }: Pick<Simulated, 'hosts' | 'tau'> & { runs: number; seed: number },
): Simulated {
  const random = seeded(mixed(seed, hosts, Math.round(tau * 1e6)));
  const normal = (): number => normalQuantile((random.int(0, RANGE - 1) + 0.5) / RANGE);
  const widths: number[] = [];
  const counted = { holds: 0, byOwn: 0, byNormal: 0 };
  for (let run = 0; run < runs; run++) {
    const each = Array.from({ length: hosts }, () => hostRounds(cells, tau, random, normal));
    for (const at of cells.keys()) {
      const those = each.map((own) => own[at] as HostRounds);
      const { low, high } = averageOver(those).ratio;
      if (low === null || high === null) continue;
      widths.push(Math.sqrt(high / low) - 1);
      if (low <= 1 && high >= 1) counted.holds++;
      if (hosts === 1) continue;
      if (holdsByOwn(those)) counted.byOwn++;
      if (holdsByNormal(those)) counted.byNormal++;
    }
  }
  return {
    hosts,
    tau,
    of: widths.length,
    holds: counted.holds,
    holdsByOwnNoise: hosts > 1 ? counted.byOwn : null,
    holdsByNormal: hosts > 1 ? counted.byNormal : null,
    halfWidth: median(widths),
  };
}

/** What one host measures, of each cell. */
function hostRounds(
  cells: readonly CellSpread[],
  tau: number,
  random: Random,
  normal: () => number,
): HostRounds[] {
  const noisy = Math.exp(HOST_NOISE * normal());
  const observed = cells.map(({ deviation, rounds, unit }): Observed => {
    const level = tau * normal();
    const length = Math.max(2, rounds + random.int(-1, 1));
    return { unit, logs: Array.from({ length }, () => level + deviation * noisy * normal()) };
  });
  const common = commonSpread(observed);
  return observed.map((of) => ({ logs: of.logs, prior: priorOf(common, of) }));
}

function holdsByOwn(hosts: readonly HostRounds[]): boolean {
  const groups = hosts.map(({ logs, prior }) => ({
    value: mean(logs),
    variance: heldTo(prior, logs).variance / logs.length,
  }));
  const { low, high } = randomEffects(groups).mean;
  return (low as number) <= 0 && (high as number) >= 0;
}

function holdsByNormal(hosts: readonly HostRounds[]): boolean {
  const { ratio, tau } = averageOver(hosts);
  const noise = pooledVariance(hosts.map(({ logs, prior }) => heldTo(prior, logs))) as number;
  const tau2 = (tau as Estimate).point ** 2;
  const weight = sum(hosts, ({ logs }) => 1 / (noise / logs.length + tau2));
  return Math.abs(Math.log(ratio.point)) <= 1.96 / Math.sqrt(weight);
}
