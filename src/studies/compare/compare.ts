/**
 * Compares two runs cell by cell. It compares ratios to the reference, since whatever slowed down the whole machine in
 * one of the runs cancels in them:
 *
 *   change = exp(mean of b's log ratios − mean of a's)      one log ratio a round
 *
 * The interval is Welch's, since the runs may differ in spread and in rounds. The spread of each run is combined with
 * that of its other cells (see `prior-spread.ts`). For the reference itself, and as a hint for the others, the change
 * of the throughput is compared: it holds only if the machine was equally fast in both runs.
 */
import { caseKey } from '../../documents/cases.js';
import type { Cell, Estimate, Fingerprint, Results } from '../../documents/results.js';
import { priorsOfCells, type Priors } from '../../analysis/estimates.js';
import { logRates, priorOf, ratiosTo, type Observed } from '../../documents/observations.js';
import { formatBound } from '../../text/format.js';
import { change, detectableChange, type PriorPair } from '../../stats/welch.js';

/** `unresolved`: too few rounds for an interval. */
export type ChangeVerdict = 'faster' | 'slower' | 'no change' | 'unresolved' | 'not comparable';

/** b over a: above 1, b is faster. */
export interface CellComparison {
  readonly workload: string;
  readonly kind: Cell['kind'];
  readonly params: Cell['params'];
  readonly policy: string;
  /** The change of the ratio to the reference; null for the reference, and if one of the runs has no ratio. */
  readonly ratioChange: Estimate | null;
  readonly throughputChange: Estimate | null;
  /** Which of the two `verdict`, `bound`, `detectable` and `overlap` refer to: the ratio, if there is one. */
  readonly by: 'ratio' | 'throughput' | null;
  readonly verdict: ChangeVerdict;
  /** The verdict in a few words, for example `slower by 12% (8–16)`. Names in it are from outside. */
  readonly says: string;
  /** With `no change`: how far from 1 the change may still be, as a share. */
  readonly bound: number | null;
  /** The smallest change that these rounds would have detected with 80% power, as a share. */
  readonly detectable: number | null;
  /** Whether the runs' own 95% intervals overlap. */
  readonly overlap: boolean | null;
  /** `overlap` of the throughput, whatever `by` is. */
  readonly throughputOverlap: boolean | null;
  /** Why the cells cannot be compared; null if they can. */
  readonly problem: string | null;
}

export interface Comparison {
  /** Fields of the fingerprint that differ between the runs. */
  readonly differences: readonly FingerprintDifference[];
  /** In how many cells the runs' intervals overlap, and how many cells have an interval in both runs. */
  readonly overlaps: { readonly cells: number; readonly of: number };
  readonly cells: readonly CellComparison[];
}

export interface FingerprintDifference {
  readonly field: string;
  readonly a: string;
  readonly b: string;
}

/** The fields that must be equal for two runs to come from the same machine and runtime. */
const COMPARED = [
  'node',
  'v8',
  'uv',
  'platform',
  'arch',
  'cpu',
  'cores',
  'pinned',
  'memoryBytes',
  'flags',
  'env',
] as const;

export function fingerprintDifferences(a: Fingerprint, b: Fingerprint): FingerprintDifference[] {
  return COMPARED.map((field) => ({ field, a: String(a[field]), b: String(b[field]) })).filter(
    (each) => each.a !== each.b,
  );
}

export function compareResults(a: Results, b: Results): Comparison {
  const others = new Map(b.cells.map((cell) => [keyOf(cell), cell]));
  const [priorsA, priorsB] = [priorsOfCells(a), priorsOfCells(b)];
  const cells: Judged[] = a.cells.map((cell) => {
    const other = others.get(keyOf(cell));
    others.delete(keyOf(cell));
    return other === undefined
      ? incomparable(cell, 'only in the first run')
      : compareCells({ ...a, priors: priorsA }, cell, { ...b, priors: priorsB }, other);
  });
  for (const cell of others.values()) cells.push(incomparable(cell, 'only in the second run'));
  const told = cells.filter(({ overlap }) => overlap !== null);
  const overlapping = told.filter(({ overlap }) => overlap === true);
  return {
    differences: fingerprintDifferences(a.fingerprint, b.fingerprint),
    overlaps: { cells: overlapping.length, of: told.length },
    cells: cells.map((cell) => ({ ...cell, says: saysOf(cell) })),
  };
}

/** The part of a comparison that is put into words. */
type Judged = Omit<CellComparison, 'says'>;

type Run = Results & { readonly priors: Priors };

function compareCells(a: Run, one: Cell, b: Run, other: Cell): Judged {
  if (one.hosts !== undefined || other.hosts !== undefined) {
    return incomparable(one, 'a mean over hosts: compare the runs that were merged');
  }
  if (one.throughput === null || other.throughput === null) {
    const which = one.throughput === null ? one : other;
    return incomparable(one, `${which.status}${which.reason === null ? '' : `: ${which.reason}`}`);
  }
  if (one.digest !== other.digest) return incomparable(one, 'the runs did different work');
  const rates: Both = [logRates(one.rounds), logRates(other.rounds)];
  // Ratios to different references cannot be compared, and the reference's own ratio is 1.
  const related = a.reference === b.reference && one.contestant.policy !== a.reference;
  const ratios: Both = related ? [ratiosOf(a, one), ratiosOf(b, other)] : [NOTHING, NOTHING];
  const toldBy = (of: 'ratio' | 'throughput'): Told => {
    const [own, theirs] = of === 'ratio' ? ratios : rates;
    return [own.logs, theirs.logs, [priorOf(a.priors[of], own), priorOf(b.priors[of], theirs)]];
  };
  const ratioChange = change(...toldBy('ratio'));
  const throughputChange = change(...toldBy('throughput'));
  const by = ratioChange !== null ? 'ratio' : throughputChange !== null ? 'throughput' : null;
  if (by === null) return incomparable(one, 'no round of it has a whole sample');
  return {
    ...identityOf(one),
    ratioChange,
    throughputChange,
    by,
    ...judged((ratioChange ?? throughputChange) as Estimate),
    detectable: detectableChange(...toldBy(by)),
    overlap: overlap(one[by], other[by]),
    throughputOverlap: overlap(one.throughput, other.throughput),
    problem: null,
  };
}

/** The first run, and the second run. */
type Both = readonly [Observed, Observed];
/** Both runs with their priors, as the statistics take them. */
type Told = [readonly number[], readonly number[], PriorPair];

const NOTHING: Observed = { logs: [], unit: null };

/** A change is claimed only if the interval excludes 1. */
function judged({ point, low, high }: Estimate): Pick<CellComparison, 'verdict' | 'bound'> {
  if (low === null || high === null) return { verdict: 'unresolved', bound: null };
  if (low > 1 || high < 1) return { verdict: point > 1 ? 'faster' : 'slower', bound: null };
  return { verdict: 'no change', bound: Math.max(1 - low, high - 1) };
}

function ratiosOf({ cells, reference }: Results, cell: Cell): Observed {
  const partner = cells.find(
    (each) => each.contestant.policy === reference && caseKey(each) === caseKey(cell),
  );
  return partner === undefined ? NOTHING : ratiosTo(partner.rounds, cell.rounds);
}

function overlap(a: Estimate | null, b: Estimate | null): boolean | null {
  if (a === null || a.low === null || a.high === null) return null;
  if (b === null || b.low === null || b.high === null) return null;
  return a.low <= b.high && b.low <= a.high;
}

function incomparable(cell: Cell, problem: string): Judged {
  return {
    ...identityOf(cell),
    ratioChange: null,
    throughputChange: null,
    by: null,
    verdict: 'not comparable',
    bound: null,
    detectable: null,
    overlap: null,
    throughputOverlap: null,
    problem,
  };
}

function identityOf({ workload, kind, params, contestant }: Cell) {
  return { workload, kind, params, policy: contestant.policy };
}

function keyOf(cell: Cell): string {
  return `${caseKey(cell)} ${cell.contestant.policy}`;
}

/** For example `slower by 12% (8–16)`. */
function saysOf(cell: Judged): string {
  const { verdict, problem, bound } = cell;
  if (verdict === 'not comparable') return `not comparable: ${problem ?? 'no reason given'}`;
  if (verdict === 'unresolved') return 'one round, too few to tell';
  if (bound !== null) return `no change larger than ${formatBound(bound)}`;
  const { point, low, high } = (cell.ratioChange ?? cell.throughputChange) as Estimate & {
    low: number;
    high: number;
  };
  const ends = [low, high].map(percentOf).sort((a, b) => a - b);
  return `${verdict} by ${percentOf(point)}% (${ends.join('–')})`;
}

function percentOf(ratio: number): number {
  return Number((Math.abs(ratio - 1) * 100).toPrecision(2));
}
