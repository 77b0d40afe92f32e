/**
 * Compares the figures of a run with those of the bare programs, cell by cell, and decides whether they are near
 * enough.
 *
 * CPU per job: the run's figure over the bare program's has an interval. It is `near` if the figure is within the
 * tolerance and the interval is no wider than that, `far` if the interval lies wholly beyond the tolerance, and
 * otherwise `unsure`.
 *
 * Ratios: both are uncertain. If the run is right, their difference on the log scale lies within the root of the summed
 * squares of both half widths in 95% of all cells; that is what `holds` means. If that root is so wide that nearly
 * anything would hold, or if one of the two has no interval, the answer is `unsure`.
 *
 * `unsure` counts as not reached.
 */
import { caseKey, titleOf } from '../../src/documents/cases.js';
import type { Cell, Estimate } from '../../src/documents/results.js';
import { median } from '../../src/stats/quantile.js';
import type { Kind, Params } from '../../src/workload/workload.js';
import type { BareCell } from './estimates.js';
import { hasDigestOfRun } from './works.js';

/** How far a run's CPU per job may be from that of the bare program, as a factor. */
const NEAR: Readonly<Record<Kind, number>> = { cpu: 1.05, io: 1.1, mixed: 1.1 };
/** The share of the ratios that must hold. */
const HOLDING = 0.95;
/** If both half widths together are larger than this on the log scale, agreement says nothing. */
const VAGUE = 0.12;

interface Pair {
  readonly run: Estimate;
  readonly bare: number;
  /** Run over bare, from what was adjacent in time. */
  readonly factor: Estimate;
}

export type CpuVerdict = 'near' | 'far' | 'unsure';
export type RatioVerdict = 'holds' | 'off' | 'unsure';

export interface Row {
  readonly workload: string;
  readonly kind: Kind;
  readonly params: Params;
  readonly policy: string;
  readonly cpuUs: Pair & { readonly verdict: CpuVerdict };
  readonly jobsPerSecond: Pair;
  /** The ratio to the reference; null for the reference itself, and if either side has none. */
  readonly ratio: {
    readonly run: Estimate;
    readonly bare: Estimate;
    readonly verdict: RatioVerdict;
  } | null;
}

export interface Aim {
  readonly what: 'cpu' | 'io, mixed' | 'ratios';
  /** The number that are near, or hold. */
  readonly met: number;
  /** The number that are far, or do not hold. */
  readonly wrong: number;
  readonly unsure: number;
  readonly of: number;
  readonly reached: boolean;
}

export interface Comparison {
  readonly rows: readonly Row[];
  /** One line for each cell or ratio that could not be compared. */
  readonly missing: readonly string[];
  readonly aims: readonly Aim[];
  /** Median half widths as shares; null if there are none. */
  readonly halfWidths: {
    readonly cpuFactor: number | null;
    readonly runRatio: number | null;
    readonly bareRatio: number | null;
  };
}

export function compare(
  cells: readonly Cell[],
  bare: readonly BareCell[],
  reference: string,
): Comparison {
  const rows: Row[] = [];
  const missing: string[] = [];
  for (const cell of cells) {
    const { policy } = cell.contestant;
    const own = bare.find((each) => each.cell === cell);
    const row = own === undefined ? null : rowOf(own);
    const title = `${titleOf(cell)}, ${policy}`;
    if (own === undefined || row === null) {
      missing.push(`${title}: ${cell.reason ?? 'there is no bare figure'}`);
    } else if (hasDigestOfRun(cell.workload) && own.digest !== cell.digest) {
      missing.push(
        `${title}: the bare program did other work, digest ${own.digest} and not ${cell.digest}`,
      );
    } else {
      rows.push(row);
      if (row.ratio === null && policy !== reference) {
        missing.push(`${title}: no ratio to ${reference}`);
      }
    }
  }
  const cpu = rows.filter(({ kind }) => kind === 'cpu');
  const others = rows.filter(({ kind }) => kind !== 'cpu');
  const ratios = rows.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]));
  return {
    rows,
    missing,
    aims: [
      aim(
        'cpu',
        cpu.map(({ cpuUs }) => cpuUs.verdict),
      ),
      aim(
        'io, mixed',
        others.map(({ cpuUs }) => cpuUs.verdict),
      ),
      aim(
        'ratios',
        ratios.map(({ verdict }) => verdict),
      ),
    ].filter(({ of }) => of > 0),
    halfWidths: {
      cpuFactor: medianWidth(rows.map(({ cpuUs }) => cpuUs.factor)),
      runRatio: medianWidth(ratios.map(({ run }) => run)),
      bareRatio: medianWidth(ratios.map((each) => each.bare)),
    },
  };
}

function rowOf({ cell, cpuUs, jobsPerSecond, ratio, factors }: BareCell): Row | null {
  const { cpuPerJob, throughput, workload, kind, params, contestant } = cell;
  if (cpuPerJob === null || throughput === null) return null;
  const verdict = cpuVerdict(factors.cpu, Math.log(NEAR[kind]));
  return {
    workload,
    kind,
    params,
    policy: contestant.policy,
    cpuUs: { run: plain(cpuPerJob), bare: cpuUs, factor: factors.cpu, verdict },
    jobsPerSecond: { run: plain(throughput), bare: jobsPerSecond, factor: factors.rate },
    ratio: ratioOf(cell.ratio, ratio),
  };
}

function plain({ point, low, high }: Estimate): Estimate {
  return { point, low, high };
}

function cpuVerdict(factor: Estimate, allowed: number): CpuVerdict {
  const half = halfWidth(factor);
  if (half === null) return 'unsure';
  const apart = Math.abs(Math.log(factor.point));
  if (apart - half > allowed) return 'far';
  return Math.max(apart, half) > allowed ? 'unsure' : 'near';
}

function ratioOf(run: Cell['ratio'], bare: Estimate | null): Row['ratio'] {
  if (run === null || bare === null) return null;
  const [own, theirs] = [halfWidth(run), halfWidth(bare)];
  const apart = Math.abs(Math.log(run.point / bare.point));
  return { run: plain(run), bare, verdict: ratioVerdict(apart, own, theirs) };
}

function ratioVerdict(apart: number, run: number | null, bare: number | null): RatioVerdict {
  if (run === null || bare === null) return 'unsure';
  const both = Math.hypot(run, bare);
  if (apart > both) return 'off';
  return both > VAGUE ? 'unsure' : 'holds';
}

/** The cases in which a verdict is open, by their keys. */
export function openCases({ rows }: Comparison): ReadonlySet<string> {
  const open = rows.filter(
    ({ cpuUs, ratio }) => cpuUs.verdict === 'unsure' || ratio?.verdict === 'unsure',
  );
  return new Set(open.map(caseKey));
}

/** Whether every cell was compared and all aims are reached. */
export function isTrue({ aims, missing }: Comparison): boolean {
  return missing.length === 0 && aims.length > 0 && aims.every(({ reached }) => reached);
}

/** The half width on the log scale. */
function halfWidth({ low, high }: Estimate): number | null {
  return low === null || high === null ? null : Math.log(high / low) / 2;
}

function medianWidth(estimates: readonly Estimate[]): number | null {
  const widths = estimates.map(halfWidth).filter((width) => width !== null);
  return widths.length === 0 ? null : Math.expm1(median(widths));
}

function aim(what: Aim['what'], verdicts: readonly (CpuVerdict | RatioVerdict)[]): Aim {
  const of = verdicts.length;
  const met = verdicts.filter((verdict) => verdict === 'near' || verdict === 'holds').length;
  const unsure = verdicts.filter((verdict) => verdict === 'unsure').length;
  const least = what === 'ratios' ? HOLDING : 1;
  return { what, met, wrong: of - met - unsure, unsure, of, reached: met >= least * of };
}
