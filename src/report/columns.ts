/**
 * The columns of a run's tables, defined once for all reporters: the value of each for a cell, and where it is shown.
 *
 *   terminal   columns with a rank; the highest rank is left out first if the width is short
 *   Markdown   `main` ones in the table, the others folded away
 *   page       all columns
 */
import { outcomeOf } from '../documents/cases.js';
import type { Cell, Results } from '../documents/results.js';
import { sum } from '../stats/moments.js';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatNumber,
  formatRatio,
  formatShare,
  microsecondScale,
} from '../text/format.js';

export interface Value {
  readonly text: string;
  /** The 95% interval, if there is one to show. */
  readonly interval?: string;
}

export interface CellColumn {
  readonly id: string;
  /** Adjacent columns of one group share its name: `latency p50`, `p99`. */
  readonly group?: string;
  readonly head: string;
  /** The rank in a terminal. Without a rank the column is not shown there. */
  readonly rank?: number;
  /** If set, a terminal shows the interval in a column of its own. */
  readonly intervalRank?: number;
  readonly main?: boolean;
  /** Null if the cell has no such value. */
  readonly of: (cell: Cell) => Value | null;
}

/** Without those beside the main ones that no cell has a value for. */
export function columnsOf(
  results: Pick<Results, 'reference' | 'load' | 'race' | 'cells'>,
): CellColumn[] {
  const { cells, race } = results;
  const told = cells.filter((cell) => outcomeOf(cell) === null);
  // A run of a command is one sample of its own round.
  const isOne = ({ id }: CellColumn): boolean =>
    race?.kind === 'command' && /^(latency |outliers$)/.test(id);
  // A mean over hosts is a ratio alone.
  const several = cells.some(({ hosts }) => hosts !== undefined);
  const always = ({ main }: CellColumn): boolean => main === true && !several;
  return [...allColumns(results), ...(several ? HOST_COLUMNS : [])].filter(
    (column) =>
      !isOne(column) &&
      (always(column) || told.length === 0 || told.some((cell) => column.of(cell) !== null)),
  );
}

/** What a job is called, and how many are in one. */
function jobOf(race: Results['race']): {
  one: string;
  many: string;
  in: (cell: Cell) => number;
} {
  const one = { in: () => 1 };
  if (race === undefined) return { one: 'job', many: 'jobs', ...one };
  if (race.unit === 'requests') return { one: 'request', many: 'requests', ...one };
  if (race.unit === 'runs') return { one: 'run', many: 'runs', ...one };
  const number = (value: unknown): number => Number(value ?? 1);
  return {
    one: 'call',
    many: 'calls',
    in: ({ params }) => number(params['calls']) * number(params['operations']),
  };
}

/** Rates are how often it is done; a whole process is told by how long it takes. */
function rateColumn(race: Results['race']): CellColumn {
  const job = jobOf(race);
  const place = { id: 'rate', rank: 0, intervalRank: 6, main: true };
  if (job.one === 'run') {
    return {
      ...place,
      head: 'time per run',
      of: ({ throughput }) => {
        if (throughput === null) return null;
        const { point, low, high } = throughput;
        const ms = { point: 1000 / point, low: high && 1000 / high, high: low && 1000 / low };
        return { text: formatDuration(ms.point), interval: formatInterval(ms, formatDuration) };
      },
    };
  }
  return {
    ...place,
    head: `${job.many}/s`,
    of: (cell) => {
      const { throughput } = cell;
      if (throughput === null) return null;
      const format = (perSecond: number): string => formatNumber(perSecond * job.in(cell));
      return { text: format(throughput.point), interval: formatInterval(throughput, format) };
    },
  };
}

function allColumns({
  reference,
  load,
  race,
}: Pick<Results, 'reference' | 'load' | 'race'>): CellColumn[] {
  const job = jobOf(race);
  return [
    rateColumn(race),
    {
      id: 'ratio',
      head: `vs ${reference}`,
      rank: 0,
      intervalRank: 1,
      main: true,
      of: ({ ratio }) => {
        if (ratio === null) return null;
        const { point: text, interval } = formatRatio(ratio);
        return interval === '' ? { text } : { text, interval };
      },
    },
    {
      id: 'cpu',
      head: `CPU per ${job.one}`,
      rank: 2,
      intervalRank: 7,
      main: true,
      of: (cell) => {
        const { cpuPerJob } = cell;
        if (cpuPerJob === null) return null;
        const calls = job.in(cell);
        const { unit, format } = microsecondScale(cpuPerJob.point / calls);
        const each = (us: number): string => format(us / calls);
        return {
          text: `${each(cpuPerJob.point)} ${unit}`,
          interval: formatInterval(cpuPerJob, each),
        };
      },
    },
    ...durations('latency', ({ latency }) => latency, {
      p50: { rank: 4, main: true },
      p90: {},
      p99: { rank: 3, main: true },
      p999: {},
      max: {},
    }),
    ...(load === null
      ? []
      : [
          ...durations('wait', ({ wait }) => wait, { p50: {}, p99: { rank: 1 } }),
          ...durations('service', ({ service }) => service, { p50: {}, p99: { rank: 1 } }),
        ]),
    ...durations('lag', ({ lag }) => lag, { p50: {}, p99: { rank: 5 }, max: {} }),
    ...(['user', 'system'] as const).map((part): CellColumn => ({
      id: `cpu ${part}`,
      group: 'CPU',
      head: part,
      of: ({ cpuPerJob }) => cpuPerJob && { text: formatDuration(cpuPerJob[part] / 1000) },
    })),
    {
      id: 'memory',
      head: 'peak memory',
      of: ({ memory }) => memory && { text: formatBytes(memory.peakBytes) },
    },
    {
      id: 'growth',
      head: 'growth',
      of: ({ memory }) => memory && { text: signed(memory.growthBytes) },
    },
    {
      id: 'gc',
      head: 'GC',
      of: ({ gc }) => gc && { text: `${gc.count} (${formatShare(gc.share)})` },
    },
    {
      id: 'bytes',
      head: 'bytes per job',
      rank: 8,
      of: ({ counted }) =>
        counted === null || counted.bytes === null ? null : { text: formatBytes(counted.bytes) },
    },
    {
      id: 'calls',
      head: 'reads and writes per job',
      of: ({ counted }) =>
        counted === null || counted.calls === null
          ? null
          : { text: formatNumber(counted.calls, 3) },
    },
    {
      id: 'turns',
      head: 'loop turns per job',
      of: ({ counted }) =>
        counted === null || counted.turns === null
          ? null
          : { text: formatNumber(counted.turns, 3) },
    },
    {
      id: 'faults',
      head: 'page faults per job',
      of: ({ counted }) =>
        counted === null || counted.faults === null
          ? null
          : { text: formatNumber(counted.faults, 3) },
    },
    {
      id: 'switches',
      head: 'switches per job',
      of: ({ switches }) =>
        switches && {
          text: `${formatNumber(switches.voluntaryPerJob, 2)} + ${formatNumber(switches.involuntaryPerJob, 2)}`,
        },
    },
    {
      id: 'first job',
      head: 'first job',
      of: ({ firstJob }) => firstJob && { text: formatDuration(firstJob.point) },
    },
    {
      id: 'outliers',
      head: 'outliers',
      of: ({ outliers }) =>
        outliers && {
          text: `${outliers.mild} + ${outliers.severe} of ${formatCount(outliers.samples)}`,
        },
    },
    {
      id: 'rounds',
      head: 'rounds',
      of: ({ rounds, hosts }) => ({
        text: String(hosts === undefined ? rounds.length : sum(hosts.each, (each) => each.rounds)),
      }),
    },
  ];
}

/** Of a run that several hosts were averaged for. */
const HOST_COLUMNS: readonly CellColumn[] = [
  {
    id: 'hosts differ',
    head: 'hosts differ by',
    rank: 2,
    intervalRank: 4,
    main: true,
    of: ({ hosts }) => {
      if (hosts?.tau == null) return null;
      const format = (tau: number): string => formatShare(Math.expm1(tau));
      const text = format(hosts.tau.point);
      // Values that agree better than noise should: no tau is likely, and none is excluded by that.
      return hosts.tau.high === 0
        ? { text }
        : { text, interval: formatInterval(hosts.tau, format) };
    },
  },
  {
    id: 'hosts',
    head: 'hosts',
    rank: 3,
    main: true,
    of: ({ hosts }) => {
      if (hosts === undefined) return null;
      const told = hosts.each.filter(({ ratio }) => ratio !== null).length;
      const all = hosts.each.length;
      return { text: told === all ? String(all) : `${told} of ${all}` };
    },
  },
];

/** The heads of adjacent columns. */
export function headsOf(columns: readonly CellColumn[]): string[] {
  return columns.map(({ group, head }, at) =>
    group === undefined || columns[at - 1]?.group === group ? head : `${group} ${head}`,
  );
}

/** For example `1.42× (1.38–1.47)`. */
export function withInterval(value: Value | null): string {
  if (value === null) return '';
  return value.interval === undefined ? value.text : `${value.text} (${value.interval})`;
}

type Place = Pick<CellColumn, 'rank' | 'main'>;

const PERCENTILES = { p50: 'p50', p90: 'p90', p99: 'p99', p999: 'p99.9', max: 'max' } as const;
type Percentile = keyof typeof PERCENTILES;

function durations(
  group: string,
  valuesOf: (cell: Cell) => Partial<Record<Percentile, number | string>> | null,
  places: Partial<Record<Percentile, Place>>,
): CellColumn[] {
  return Object.entries(places).map(([key, place]) => ({
    id: `${group} ${key}`,
    group,
    head: PERCENTILES[key as Percentile],
    ...place,
    of: (cell) => {
      const ms = valuesOf(cell)?.[key as Percentile];
      return ms === undefined ? null : { text: formatDuration(Number(ms)) };
    },
  }));
}

function signed(bytes: number): string {
  return bytes < 0 ? `−${formatBytes(-bytes)}` : formatBytes(bytes);
}
