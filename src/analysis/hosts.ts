/**
 * One cell from the cells of several runs, each of a host of its own: the mean of their ratios, with the host as a
 * random effect (see `stats/random-effects.ts`), on the log scale.
 *
 *   log ratio of a round = mean + host, N(0, τ²) + round, N(0, σ²)
 *
 * σ² is one for all hosts of a cell. Rates, latencies and CPU time are of a machine, and are not averaged.
 */
import type { Cell, Estimate, Hosts } from '../documents/results.js';
import { ratiosTo, priorOf } from '../documents/observations.js';
import { ratioInterval } from '../stats/interval.js';
import { mean } from '../stats/moments.js';
import { heldTo, type PriorSpread } from '../stats/prior-spread.js';
import { pooledVariance, randomEffects } from '../stats/random-effects.js';
import { NO_ESTIMATES } from './estimates.js';

/** The log ratios of a cell's rounds on one host, and what that run's other cells say of their spread. */
export interface HostRounds {
  readonly logs: readonly number[];
  readonly prior: PriorSpread;
}

export interface HostCell {
  /** The run's place among all that are merged, and its name. */
  readonly run: number;
  readonly name: string;
  readonly cell: Cell;
  /** The reference's cell of the same case and run; it may be this one. */
  readonly reference: Cell | undefined;
  /** The common spread of that run's ratios. */
  readonly common: PriorSpread;
}

/** Rounds whose ratios are equal to all digits have next to no noise, and not none. */
const LEAST_VARIANCE = 1e-12;

/** `tau` is null for one host, or if no host tells its rounds' noise from a difference between hosts. */
export function averageOver(hosts: readonly HostRounds[]): {
  ratio: Estimate;
  tau: Estimate | null;
} {
  const [only] = hosts;
  if (only !== undefined && hosts.length === 1) {
    return { ratio: ratioInterval(only.logs, 0.95, only.prior), tau: null };
  }
  const noise = pooledVariance(
    hosts.map(({ logs, prior }) => (logs.length > 1 ? heldTo(prior, logs) : prior)),
  );
  const variance = Math.max(LEAST_VARIANCE, noise ?? 0);
  const groups = hosts.map(({ logs }) => ({ value: mean(logs), variance: variance / logs.length }));
  const { mean: log, tau } = randomEffects(groups);
  const [low, high] = [log.low as number, log.high as number].map(Math.exp);
  return {
    ratio: { point: Math.exp(log.point), low: low as number, high: high as number },
    tau: noise === null ? null : tau,
  };
}

/** Of the same case and contestant, from at least one run. */
export function averagedCell(all: readonly HostCell[], reference: string): Cell {
  const [{ cell: first }] = all as [HostCell];
  const { workload, kind, params } = first;
  const told = all.filter(({ cell }) => cell.throughput !== null);
  const outcome = outcomeOf(all, told);
  const isOk = outcome.status === 'ok';
  const { ratio, tau } = isOk ? meanOf(told, first, reference) : NOTHING;
  return {
    workload,
    kind,
    params,
    contestant: contestantOf(all),
    ...outcome,
    digest: isOk ? (told[0]?.cell.digest ?? null) : null,
    verdict: null,
    ...NO_ESTIMATES,
    ratio: ratio && { to: reference, ...ratio },
    rounds: [],
    hosts: { tau, each: all.map(eachOf) },
  };
}

interface Mean {
  readonly ratio: Estimate | null;
  readonly tau: Estimate | null;
}

const NOTHING: Mean = { ratio: null, tau: null };

function meanOf(told: readonly HostCell[], { contestant }: Cell, reference: string): Mean {
  if (contestant.policy === reference) {
    return { ratio: { point: 1, low: 1, high: 1 }, tau: null };
  }
  const hosts = told.map(roundsOf).filter(({ logs }) => logs.length > 0);
  return hosts.length === 0 ? NOTHING : averageOver(hosts);
}

/** It may run on several versions of something, if that was allowed. */
function contestantOf(all: readonly HostCell[]): Cell['contestant'] {
  const [{ cell }] = all as [HostCell];
  const runtimes = new Set(all.flatMap((each) => each.cell.contestant.runtime ?? []));
  const { policy } = cell.contestant;
  return runtimes.size === 0 ? { policy } : { policy, runtime: [...runtimes].join(' / ') };
}

function roundsOf({ cell, reference, common }: HostCell): HostRounds {
  const observed = ratiosTo(reference?.rounds ?? [], cell.rounds);
  return { logs: observed.logs, prior: priorOf(common, observed) };
}

function eachOf({ run, cell }: HostCell): Hosts['each'][number] {
  const { status, reason, ratio, rounds } = cell;
  return {
    run,
    status,
    reason,
    ratio: ratio && { point: ratio.point, low: ratio.low, high: ratio.high },
    rounds: rounds.length,
  };
}

/** What failed on one host has failed: a mean over the others would say that it works. */
function outcomeOf(
  all: readonly HostCell[],
  told: readonly HostCell[],
): Pick<Cell, 'status' | 'reason'> {
  const failed = all.filter(({ cell }) => cell.status === 'failed');
  const [bad] = failed;
  if (bad !== undefined) {
    const { reason } = bad.cell;
    const names = failed.map(({ name }) => name).join(', ');
    const where =
      failed.length === all.length
        ? `on all ${all.length} hosts`
        : `on ${failed.length} of ${all.length} hosts (${names})`;
    return { status: 'failed', reason: reason === null ? where : `${where}: ${reason}` };
  }
  const [first, other] = [told[0], told.find(({ cell }) => cell.digest !== told[0]?.cell.digest)];
  if (first === undefined) {
    const { status, reason } = (all[0] as HostCell).cell;
    return { status, reason };
  }
  if (other !== undefined) {
    const reason =
      `its results differ between hosts: ${String(first.cell.digest)} (${first.name}), ` +
      `${String(other.cell.digest)} (${other.name})`;
    return { status: 'failed', reason };
  }
  return { status: 'ok', reason: null };
}
