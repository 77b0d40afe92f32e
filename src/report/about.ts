/**
 * What a reader must know about a run to judge its numbers, as plain text: nothing here is cleaned for a terminal or
 * for Markdown yet.
 */
import { median } from '../stats/quantile.js';
import type { Cell, Results } from '../documents/results.js';
import {
  formatBytes,
  formatElapsed,
  formatNumber,
  formatParams,
  formatShare,
} from '../text/format.js';

export interface Fact {
  label: string;
  text: string;
}

export function factsOf(results: Results): Fact[] {
  const { fingerprint: on, ceilings, load, merged, shard } = results;
  const facts = [
    merged === undefined
      ? { label: 'Machine', text: machineOf(on) }
      : { label: 'Hosts', text: hostsOf(results, merged) },
    {
      label: 'Node',
      text: [`${on.node} (V8 ${on.v8}, libuv ${on.uv})`, ...on.flags, ...on.env].join(' '),
    },
    ...runtimesOf(results),
    { label: 'loopdyno', text: `${on.loopdyno}, addon ${addonOf(results)}` },
    { label: 'Commit', text: commitOf(results) },
    {
      label: 'Run',
      text:
        `${results.mode}, seed ${results.seed}, ${results.startedAt}, ` +
        `took ${formatElapsed(results.elapsedMs)}` +
        (merged === undefined ? '' : ' on all hosts together'),
    },
    ...(shard === undefined
      ? []
      : [
          {
            label: 'Shard',
            text: `${shard.index} of ${shard.of}: a share of ${shard.cases.length} cases`,
          },
        ]),
    ...(results.race === undefined ? [] : [{ label: 'Race', text: raceOf(results.race) }]),
    ...(load === null ? [] : [{ label: 'Load', text: loadOf(load) }]),
    { label: 'Command', text: ['loopdyno', ...results.command].join(' ') },
    { label: 'Measured', text: methodOf(results) },
  ];
  if (results.harness !== null) {
    const { sampleUs, jobUs, worstShare, parentShare, measuredShare } = results.harness;
    facts.push({
      label: 'Harness',
      text:
        `${formatNumber(sampleUs)} µs a sample and ${formatNumber(jobUs)} µs a job, ` +
        `${formatShare(worstShare)} of the worst cell's time; ` +
        `the parent used ${formatShare(parentShare)} of a core while slices ran; ` +
        `a contestant was measured in ${formatShare(measuredShare)} of the run's time`,
    });
  }
  if (ceilings.length > 0) {
    const texts = ceilings.map(
      ({ workload, params, engine, unit, perSecond }) =>
        `${[workload, formatParams(params)].filter((part) => part !== '').join(' ')} ` +
        `${formatNumber(perSecond)} ${unit}/s (${engine})`,
    );
    facts.push({ label: 'Ceilings', text: texts.join(', ') });
  }
  return facts;
}

/** Whether ratios are means over hosts. */
export function isAveraged({ cells }: Pick<Results, 'cells'>): boolean {
  return cells.some(({ hosts }) => hosts !== undefined);
}

function machineOf(on: Results['fingerprint']): string {
  return [
    `${on.cores} × ${on.cpu}`,
    on.pinned === null ? 'no core pinned' : `main threads pinned to core ${on.pinned}`,
    formatBytes(on.memoryBytes),
    `${on.platform} ${on.arch} ${on.kernel}`,
  ].join(', ');
}

/** The runs that were merged, by kind of machine. */
function hostsOf(results: Results, { runs }: NonNullable<Results['merged']>): string {
  const machines = new Map<string, number>();
  for (const { fingerprint } of runs) {
    const machine = machineOf(fingerprint);
    machines.set(machine, (machines.get(machine) ?? 0) + 1);
  }
  const kinds = [...machines].map(([machine, count]) => `${count} of ${machine}`).join('; ');
  const once = isAveraged(results)
    ? ''
    : '. Each case was measured on one of them, so that how hosts differ is not known';
  return `${runs.length} runs, taken for as many hosts: ${kinds}${once}`;
}

/** What the programs ran on. A library may be used by only some of their workloads. */
function runtimesOf({ cells }: Results): Fact[] {
  const runtimes = new Map<string, Set<string>>();
  for (const { policy, runtime } of cells.map(({ contestant }) => contestant)) {
    if (runtime === undefined) continue;
    const parts = runtimes.get(policy) ?? new Set();
    for (const part of runtime.split(', ')) parts.add(part);
    runtimes.set(policy, parts);
  }
  if (runtimes.size === 0) return [];
  const texts = [...runtimes].map(([policy, parts]) => `${policy} on ${[...parts].join(', ')}`);
  return [{ label: 'Programs', text: texts.join('; ') }];
}

function raceOf({ kind, subject, vary, ignored }: NonNullable<Results['race']>): string {
  const keys = vary.map(({ key, values }) => `${key}=${values.join(',')}`).join(' and ');
  const but = ignored.length === 0 ? '' : `, but for ${ignored.join(', ')}`;
  return `the ${kind} ${subject}, with ${keys}; answers compared${but}`;
}

function loadOf({ perSecond, arrivals }: NonNullable<Results['load']>): string {
  const how = arrivals === 'poisson' ? 'at random (Poisson)' : 'at equal distances';
  return `an open loop, ${formatNumber(perSecond)} jobs/s ${how}; latency from the intended arrival`;
}

function addonOf({ fingerprint: { addon } }: Results): string {
  return addon.hash === null ? addon.state : `${addon.state} (${addon.hash.slice(0, 12)})`;
}

function commitOf({ fingerprint: { commit, dirty } }: Results): string {
  if (commit === null) return 'none: not in a git repository';
  return `${commit.slice(0, 12)}${dirty === true ? ', with uncommitted changes' : ''}`;
}

/** How much was measured, from the results rather than from the plan. */
function methodOf(results: Results): string {
  const { cells } = results;
  if (isAveraged(results)) return averagedOf(cells);
  const measured = cells.filter((cell) => cell.rounds.length > 0);
  if (measured.length === 0) return 'nothing';
  const rounds = measured.flatMap((cell) => cell.rounds);
  const slices = rounds.flatMap((round) => round.slices.map(({ ms }) => ms));
  const turns = range(rounds.map((round) => round.slices.length));
  const length = slices.length === 0 ? '' : ` of about ${formatNumber(median(slices), 2)} ms`;
  return (
    `${range(measured.map((cell: Cell) => cell.rounds.length))} rounds of fresh processes, ` +
    `each ${turns} turns${length}; ratios within a few turns, 95% intervals over rounds`
  );
}

function averagedOf(cells: readonly Cell[]): string {
  const counts = cells.flatMap(({ hosts }) =>
    (hosts?.each ?? []).map(({ rounds }) => rounds).filter((rounds) => rounds > 0),
  );
  if (counts.length === 0) return 'nothing';
  return (
    `${range(counts)} rounds of fresh processes on a host; ratios within a few turns, averaged over hosts with the ` +
    'host as a random effect, 95% intervals over hosts'
  );
}

function range(counts: readonly number[]): string {
  const low = counts.reduce((least, count) => Math.min(least, count), Infinity);
  const high = counts.reduce((most, count) => Math.max(most, count), 0);
  return low === high ? String(low) : `${low}–${high}`;
}
