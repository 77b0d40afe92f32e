/**
 * What a run says of each cell beside what the bare programs say, and whether that is near enough.
 *
 * Both figures of a ratio are uncertain. Where the run is right, their difference on the log scale lies within the
 * root of the summed squares of both half-widths in 95% of all cells, and that is what `holds` means. Where that root
 * is so wide that nearly anything would hold, or one of the two has no interval, the answer is `unsure`, and counts as
 * one that does not hold. Whether the bare point itself lies within the run's interval is counted, too: that share is
 * lower by what the bare figures waver.
 */
import type { Cell, Estimate } from '../../src/documents/results.js';
import { caseKey, titleOf } from '../../src/documents/cases.js';
import { median } from '../../src/stats/quantile.js';
import type { Kind, Params } from '../../src/workload/workload.js';
import type { BareCell } from './estimates.js';

/** How far CPU per job of a run may be from that of the bare program, as a factor. */
const NEAR: Readonly<Record<Kind, number>> = { cpu: 1.05, io: 1.1, mixed: 1.1 };
/** Of the ratios. */
const HOLDING = 0.95;
/** Half-width of both intervals together, on the log scale, from which on agreement says nothing. */
const VAGUE = 0.12;

interface Pair {
  readonly run: Estimate;
  readonly bare: Estimate;
  /** Run over bare. */
  readonly factor: number;
}

export interface Row {
  readonly workload: string;
  readonly kind: Kind;
  readonly params: Params;
  readonly policy: string;
  readonly cpuUs: Pair;
  readonly jobsPerSecond: Pair;
  /** CPU per job of the run is within 5% (cpu) or 10% (io, mixed) of that of the bare program. */
  readonly near: boolean;
  /** To the reference; null for itself, and where one of both has none. */
  readonly ratio: {
    readonly run: Estimate;
    readonly bare: Estimate;
    readonly verdict: RatioVerdict;
    /** The bare point lies in the run's interval. */
    readonly inside: boolean;
  } | null;
}

export type RatioVerdict = 'holds' | 'off' | 'unsure';

export interface Aim {
  readonly what: 'cpu' | 'io, mixed' | 'ratios';
  readonly met: number;
  readonly of: number;
  /** Share of cells. */
  readonly least: number;
  readonly reached: boolean;
}

export interface Comparison {
  readonly rows: readonly Row[];
  /** A line for each cell, or ratio, that was asked for and could not be compared. */
  readonly missing: readonly string[];
  readonly aims: readonly Aim[];
  /** Ratios whose bare point lies in the run's interval. */
  readonly inside: number;
  /** Median half-widths of the ratios' intervals, as shares; null without any. */
  readonly halfWidths: { readonly run: number | null; readonly bare: number | null } | null;
}

/** Of the cells that were asked for, beside the bare ones that there are. */
export function compare(
  cells: readonly Cell[],
  bare: readonly BareCell[],
  reference: string,
): Comparison {
  const rows: Row[] = [];
  const missing: string[] = [];
  for (const cell of cells) {
    const { policy } = cell.contestant;
    const own = bare.find((each) => each.policy === policy && caseKey(each) === caseKey(cell));
    const row = own === undefined ? null : rowOf(cell, own);
    const title = `${titleOf(cell)}, ${policy}`;
    if (row === null) {
      missing.push(`${title}: ${cell.reason ?? 'there is no bare figure'}`);
      continue;
    }
    rows.push(row);
    if (row.ratio === null && policy !== reference) {
      missing.push(`${title}: no ratio to ${reference}`);
    }
  }
  const [cpu, others] = [
    rows.filter(({ kind }) => kind === 'cpu'),
    rows.filter(({ kind }) => kind !== 'cpu'),
  ];
  const ratios = rows.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  return {
    rows,
    missing,
    aims: [
      aim('cpu', 1, cpu, ({ near }) => near),
      aim('io, mixed', 1, others, ({ near }) => near),
      aim('ratios', HOLDING, ratios, ({ verdict }) => verdict === 'holds'),
    ].filter(({ of }) => of > 0),
    inside: ratios.filter(({ inside }) => inside).length,
    halfWidths:
      ratios.length === 0
        ? null
        : {
            run: medianWidth(ratios.map(({ run }) => run)),
            bare: medianWidth(ratios.map((each) => each.bare)),
          },
  };
}

function rowOf(cell: Cell, bare: BareCell): Row | null {
  const { cpuPerJob, throughput } = cell;
  if (cpuPerJob === null || throughput === null) return null;
  const { workload, kind, params, policy } = bare;
  const cpuUs = pair(cpuPerJob, bare.cpuUs);
  const near = Math.abs(Math.log(cpuUs.factor)) <= Math.log(NEAR[kind]);
  const jobsPerSecond = pair(throughput, bare.jobsPerSecond);
  const ratio = ratioOf(cell.ratio, bare.ratio);
  return { workload, kind, params, policy, cpuUs, jobsPerSecond, near, ratio };
}

function pair({ point, low, high }: Estimate, bare: Estimate): Pair {
  return { run: { point, low, high }, bare, factor: point / bare.point };
}

function ratioOf(run: Cell['ratio'], bare: Estimate | null): Row['ratio'] {
  if (run === null || bare === null) return null;
  const { point, low, high } = run;
  const [own, theirs] = [halfWidth(run), halfWidth(bare)];
  const apart = Math.abs(Math.log(point / bare.point));
  const inside = own !== null && apart <= own;
  return { run: { point, low, high }, bare, verdict: verdictOf(apart, own, theirs), inside };
}

function verdictOf(apart: number, run: number | null, bare: number | null): RatioVerdict {
  if (run === null || bare === null) return 'unsure';
  const both = Math.hypot(run, bare);
  if (apart > both) return 'off';
  return both > VAGUE ? 'unsure' : 'holds';
}

/** Every cell was compared, and all aims are reached. */
export function isTrue({ aims, missing }: Comparison): boolean {
  return missing.length === 0 && aims.length > 0 && aims.every(({ reached }) => reached);
}

/** On the log scale. */
function halfWidth({ low, high }: Estimate): number | null {
  return low === null || high === null ? null : Math.log(high / low) / 2;
}

function medianWidth(estimates: readonly Estimate[]): number | null {
  const widths = estimates.map(halfWidth).filter((width) => width !== null);
  return widths.length === 0 ? null : Math.expm1(median(widths));
}

function aim<T>(
  what: Aim['what'],
  least: number,
  all: readonly T[],
  met: (one: T) => boolean,
): Aim {
  const count = all.filter(met).length;
  return { what, met: count, of: all.length, least, reached: count >= least * all.length };
}
