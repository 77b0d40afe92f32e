/**
 * From saved runs to series: the ratio to the reference of each cell, run by run, and where its level changes. Ratios
 * are compared, since machines of different speed, or one that was busy, do not move them.
 */
import { caseKey } from '../../documents/cases.js';
import type { Cell, Estimate, Results } from '../../documents/results.js';
import { formatEffect } from '../../text/format.js';
import { changePoints, inflationOf, levelOf, type Observation } from '../../stats/change-points.js';

/** The chance that a history in which nothing changed shows a change in any of its series. */
const ALPHA = 0.05;
/** The half width of a 95% interval, in standard errors. */
const HALF_WIDTH = 1.96;

/** A saved run, and where it was read. */
export interface SavedRun {
  readonly file: string;
  readonly results: Results;
}

export interface HistoryPoint {
  /** The run's place among `runs`. */
  readonly run: number;
  readonly ratio: Estimate;
}

/** A new level, which begins with a run. */
export interface Change {
  readonly run: number;
  /** The new level over the one before: below 1 is slower. */
  readonly factor: number;
}

export interface Series {
  readonly workload: string;
  readonly kind: Cell['kind'];
  readonly params: Cell['params'];
  readonly policy: string;
  readonly points: readonly HistoryPoint[];
  readonly changes: readonly Change[];
  /** For example `slower by 12% from 4bcf9d9 (2026-11-24) on`. */
  readonly says: string;
}

export interface RunOfHistory {
  readonly file: string;
  readonly startedAt: string;
  readonly commit: string | null;
  readonly machine: string;
}

export interface History {
  readonly reference: string;
  /** From the earliest on. */
  readonly runs: readonly RunOfHistory[];
  readonly series: readonly Series[];
  /** What is not part of it, with the reason. */
  readonly leftOut: readonly { readonly what: string; readonly reason: string }[];
}

/** Of at least one run. The latest run says what the reference is, and which work a case does. */
export function historyOf(saved: readonly SavedRun[]): History {
  const sorted = saved.toSorted((a, b) =>
    a.results.startedAt < b.results.startedAt
      ? -1
      : a.results.startedAt > b.results.startedAt
        ? 1
        : 0,
  );
  const { reference, race } = (sorted.at(-1) as SavedRun).results;
  const anchor = race?.anchor;
  const leftOut: { what: string; reason: string }[] = [];
  const parts = new Set(
    saved.flatMap(({ results }) => (results.merged?.runs ?? []).map(({ startedAt }) => startedAt)),
  );
  const runs = sorted.filter(({ file, results }) => {
    if (results.merged === undefined && parts.has(results.startedAt)) {
      leftOut.push({ what: file, reason: 'it is part of a run that was merged' });
      return false;
    }
    const own = results.race?.anchor;
    if (results.reference === reference && own === anchor) return true;
    const [there, here] =
      results.reference === reference
        ? [own, anchor].map(commitNamed)
        : [results.reference, reference];
    leftOut.push({ what: file, reason: `its ratios are to ${there}, not ${here}` });
    return false;
  });
  const digests = new Map<string, string | null>();
  for (const { results } of runs) {
    for (const cell of results.cells)
      if (cell.ratio !== null) digests.set(caseKey(cell), cell.digest);
  }
  const rows = new Map<string, { cell: Cell; points: HistoryPoint[] }>();
  for (const [run, { file, results }] of runs.entries()) {
    const other = new Set<string>();
    for (const cell of results.cells) {
      if (cell.ratio?.low == null || cell.contestant.policy === reference) continue;
      if (cell.digest !== digests.get(caseKey(cell))) {
        other.add(cell.workload);
        continue;
      }
      const key = `${caseKey(cell)} ${cell.contestant.policy}`;
      const row = rows.get(key) ?? { cell, points: [] };
      rows.set(key, row);
      const { point, low, high } = cell.ratio;
      row.points.push({ run, ratio: { point, low, high } });
    }
    for (const workload of other) {
      leftOut.push({
        what: `${workload} of ${file}`,
        reason: 'it did other work than in the latest run',
      });
    }
  }
  const heads = runs.map(({ file, results: { startedAt, fingerprint } }) => ({
    file,
    startedAt,
    commit: fingerprint.commit,
    machine: `${fingerprint.cores} × ${fingerprint.cpu}, Node ${fingerprint.node}`,
  }));
  const all = [...rows.values()];
  const observed = all.map(({ points }) => points.map(({ ratio }) => observationOf(ratio)));
  const inflation = inflationOf(observed);
  const alpha = ALPHA / Math.max(1, all.length);
  const series = all.map(({ cell, points }, at): Series => {
    const values = observed[at] as Observation[];
    const starts = changePoints(values, { alpha, inflation });
    const changes = starts.map((start, which): Change => {
      const before = levelOf(values.slice(starts[which - 1] ?? 0, start));
      const after = levelOf(values.slice(start, starts[which + 1]));
      return {
        run: (points[start] as HistoryPoint).run,
        factor: Math.exp(after.value - before.value),
      };
    });
    const { workload, kind, params, contestant } = cell;
    return {
      workload,
      kind,
      params,
      policy: contestant.policy,
      points,
      changes,
      says: saysOf(points, changes, heads),
    };
  });
  return { reference, runs: heads, series, leftOut };
}

function commitNamed(commit: string | undefined): string {
  return commit === undefined ? 'a tree without an anchor' : commit.slice(0, 12);
}

function observationOf({ point, low, high }: Estimate): Observation {
  return {
    value: Math.log(point),
    error: Math.max(1e-6, Math.log((high as number) / (low as number)) / 2 / HALF_WIDTH),
  };
}

/** A change needs two runs on either side. */
const FEWEST = 4;

function saysOf(
  points: readonly HistoryPoint[],
  changes: readonly Change[],
  runs: readonly RunOfHistory[],
): string {
  if (points.length < FEWEST) return 'too few runs to tell a change';
  if (changes.length === 0) return 'no change';
  return changes
    .map(({ run, factor }) => {
      const what =
        factor > 1
          ? `faster by ${formatEffect(factor - 1)}`
          : `slower by ${formatEffect(1 - factor)}`;
      return `${what} from ${nameOf(runs[run] as RunOfHistory)} on`;
    })
    .join('; ');
}

/** Such as `4bcf9d9 (2026-11-24)`. */
export function nameOf({ commit, startedAt }: RunOfHistory): string {
  const day = startedAt.slice(0, 10);
  return commit === null ? startedAt.slice(0, 16) : `${commit.slice(0, 7)} (${day})`;
}
