/**
 * Two runs beside each other, cell by cell. What is compared is the ratio to the reference, since
 * what slowed the whole machine down in one of the runs cancels in it:
 *
 *   change = exp(mean of b's log ratios − mean of a's)      one log ratio a round
 *
 * with Welch's interval, for the runs may differ in spread and in rounds: B. L. Welch, "The
 * generalization of Student's problem when several different population variances are involved",
 * Biometrika 34 (1947). For the reference itself, and as advice for the others, the change of the
 * throughput: it holds only if the machine was as fast in both runs.
 */
import jStat from 'jstat';
import { caseKey } from '../schema/case-key.js';
import type { Cell, Estimate, Fingerprint, Results } from '../schema/results.js';
import { mean, standardDeviation } from './moments.js';
import { logRatios, ratesOf } from './observations.js';

/** b over a; above 1, b is faster. */
export interface CellComparison {
  readonly workload: string;
  readonly params: Cell['params'];
  readonly policy: string;
  /** Of the ratio to the reference; null for the reference, and where one of the runs has none. */
  readonly ratioChange: Estimate | null;
  readonly throughputChange: Estimate | null;
  /** Whether the runs' own 95% intervals overlap, of the ratio or, for the reference, the rate. */
  readonly overlap: boolean | null;
  /** Why it cannot be compared; null where it can. */
  readonly problem: string | null;
}

export interface Comparison {
  /** Fields of the fingerprint that differ between the runs. */
  readonly differences: readonly FingerprintDifference[];
  readonly cells: readonly CellComparison[];
}

export interface FingerprintDifference {
  readonly field: string;
  readonly a: string;
  readonly b: string;
}

/** What must be the same for two runs to be of the same machine and runtime. */
const COMPARED = [
  'node',
  'v8',
  'uv',
  'platform',
  'arch',
  'cpu',
  'cores',
  'memoryBytes',
  'flags',
] as const;

export function fingerprintDifferences(a: Fingerprint, b: Fingerprint): FingerprintDifference[] {
  return COMPARED.map((field) => ({ field, a: String(a[field]), b: String(b[field]) })).filter(
    (each) => each.a !== each.b,
  );
}

export function compareResults(a: Results, b: Results): Comparison {
  const others = new Map(b.cells.map((cell) => [keyOf(cell), cell]));
  const cells = a.cells.map((cell) => {
    const other = others.get(keyOf(cell));
    others.delete(keyOf(cell));
    return other === undefined
      ? incomparable(cell, 'only in the first run')
      : compareCells(a, cell, b, other);
  });
  for (const cell of others.values()) cells.push(incomparable(cell, 'only in the second run'));
  return { differences: fingerprintDifferences(a.fingerprint, b.fingerprint), cells };
}

function compareCells(a: Results, one: Cell, b: Results, other: Cell): CellComparison {
  if (one.throughput === null || other.throughput === null) {
    const which = one.throughput === null ? one : other;
    return incomparable(one, `${which.status}${which.reason === null ? '' : `: ${which.reason}`}`);
  }
  if (one.digest !== other.digest) return incomparable(one, 'the runs did different work');
  const isReference = one.contestant.policy === a.reference;
  const comparable = !isReference && a.reference === b.reference;
  const [own, others] = isReference ? [one.throughput, other.throughput] : [one.ratio, other.ratio];
  return {
    ...identityOf(one),
    ratioChange: comparable ? change(ratiosOf(a, one), ratiosOf(b, other)) : null,
    throughputChange: change(
      ratesOf(one.rounds).map(Math.log),
      ratesOf(other.rounds).map(Math.log),
    ),
    overlap: own === null || others === null ? null : overlap(own, others),
    problem: null,
  };
}

function ratiosOf({ cells, reference }: Results, cell: Cell): number[] {
  const partner = cells.find(
    (each) => each.contestant.policy === reference && caseKey(each) === caseKey(cell),
  );
  return partner === undefined ? [] : logRatios(cell.rounds, partner.rounds);
}

function overlap(a: Estimate, b: Estimate): boolean | null {
  if (a.low === null || a.high === null || b.low === null || b.high === null) return null;
  return a.low <= b.high && b.low <= a.high;
}

/** Welch's interval of a difference of means, of logs: a ratio. Null without values on both sides. */
export function change(a: readonly number[], b: readonly number[]): Estimate | null {
  if (a.length === 0 || b.length === 0) return null;
  const difference = mean(b) - mean(a);
  const point = Math.exp(difference);
  if (a.length < 2 || b.length < 2) return { point, low: null, high: null };
  const va = standardDeviation(a) ** 2 / a.length;
  const vb = standardDeviation(b) ** 2 / b.length;
  if (va + vb === 0) return { point, low: point, high: point };
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  const half = jStat.studentt.inv(0.975, freedom) * Math.sqrt(va + vb);
  return { point, low: Math.exp(difference - half), high: Math.exp(difference + half) };
}

function incomparable(cell: Cell, problem: string): CellComparison {
  return {
    ...identityOf(cell),
    ratioChange: null,
    throughputChange: null,
    overlap: null,
    problem,
  };
}

function identityOf({ workload, params, contestant }: Cell) {
  return { workload, params, policy: contestant.policy };
}

function keyOf(cell: Cell): string {
  return `${caseKey(cell)} ${cell.contestant.policy}`;
}
