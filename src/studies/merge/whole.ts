/**
 * One results document from several:
 *
 *   every case in one run      the cells as they are, with the estimates of a run that measured them all
 *   a case in several runs     a mean over hosts for each contestant (see `analysis/hosts.ts`), without raw rounds, which
 *                              stay in the runs' own files
 */
import { analyseCase, priorsOf, priorsOfCells, roundsByCase } from '../../analysis/estimates.js';
import { averagedCell } from '../../analysis/hosts.js';
import { noiseOf } from '../../analysis/noise.js';
import { judged } from '../../analysis/verdicts.js';
import { caseKey } from '../../documents/cases.js';
import { ResultsSchema, type Cell, type Harness, type Results } from '../../documents/results.js';
import { sum } from '../../stats/moments.js';
import { median } from '../../stats/quantile.js';
import { casesOfPlan, type SavedRun } from './agree.js';

/** Of runs that agree. `missing`: shards that are not there. */
export function wholeOf(
  runs: readonly SavedRun[],
  missing: readonly number[],
  command: readonly string[],
): Results {
  const all = runs.map(({ results }) => results);
  const [first] = all as [Results, ...Results[]];
  const order = casesOfPlan(first).map(caseKey);
  const own = all.map(({ cells }) => new Set(cells.map(caseKey)));
  const isAveraged = order.some((key) => own.filter((keys) => keys.has(key)).length > 1);
  const cells = isAveraged ? averagedCells(runs, order) : cellsTogether(all, order);
  const once = isAveraged ? [] : all;
  const { shard: _, ...shared } = first;
  return judged(
    ResultsSchema.parse({
      ...shared,
      startedAt: all.map(({ startedAt }) => startedAt).toSorted()[0] as string,
      elapsedMs: sum(all, ({ elapsedMs }) => elapsedMs),
      command: [...command],
      budgetMs: all.some(({ budgetMs }) => budgetMs === null)
        ? null
        : sum(all, ({ budgetMs }) => budgetMs as number),
      precision: all.every(({ precision }) => precision === first.precision)
        ? first.precision
        : null,
      merged: { runs: runs.map(runOf), missing: [...missing] },
      harness: harnessOfRuns(all),
      noise: noiseOf(cells),
      ceilings: once.flatMap(({ ceilings }) => ceilings),
      says: once.flatMap(({ says }) => says),
      cells,
    } satisfies Results),
  );
}

function runOf({ file, results }: SavedRun): NonNullable<Results['merged']>['runs'][number] {
  const { shard, startedAt, elapsedMs, fingerprint, noise } = results;
  return {
    file,
    shard: shard === undefined ? null : { index: shard.index, of: shard.of },
    startedAt,
    elapsedMs,
    fingerprint,
    noise,
  };
}

/** With more cells, more is known of how their rounds spread. */
function cellsTogether(all: readonly Results[], order: readonly string[]): Cell[] {
  const cells = all
    .flatMap((results) => results.cells)
    .toSorted((a, b) => order.indexOf(caseKey(a)) - order.indexOf(caseKey(b)));
  const [{ reference }] = all as [Results];
  const cases = roundsByCase(cells);
  const priors = priorsOf(reference, [...cases.values()]);
  const estimates = new Map(
    [...cases].map(([key, rounds]) => [key, analyseCase(reference, rounds, priors)]),
  );
  return cells.map((cell) => ({
    ...cell,
    ...estimates.get(caseKey(cell))?.get(cell.contestant.policy),
  }));
}

function averagedCells(runs: readonly SavedRun[], order: readonly string[]): Cell[] {
  const [{ results: plan }] = runs as [SavedRun];
  const hosts = runs.map(({ file, results }, run) => ({
    run,
    name: file,
    cells: results.cells,
    common: priorsOfCells(results).ratio,
  }));
  return casesOfPlan(plan).flatMap(({ contestants }, at) =>
    contestants.flatMap((policy) => {
      const those = hosts.flatMap(({ cells, ...host }) => {
        const inCase = cells.filter((cell) => caseKey(cell) === order[at]);
        const named = (name: string): Cell | undefined =>
          inCase.find(({ contestant }) => contestant.policy === name);
        const cell = named(policy);
        return cell === undefined ? [] : [{ ...host, cell, reference: named(plan.reference) }];
      });
      return those.length === 0 ? [] : [averagedCell(those, plan.reference)];
    }),
  );
}

function harnessOfRuns(all: readonly Results[]): Harness | null {
  const told = all.flatMap(({ harness, elapsedMs }) =>
    harness === null ? [] : [{ ...harness, elapsedMs }],
  );
  if (told.length === 0) return null;
  const most = (of: (each: Harness) => number): number => Math.max(...told.map(of));
  const elapsedMs = sum(told, (each) => each.elapsedMs);
  const measuredMs = sum(told, (each) => each.measuredShare * each.elapsedMs);
  return {
    sampleUs: median(told.map(({ sampleUs }) => sampleUs)),
    jobUs: median(told.map(({ jobUs }) => jobUs)),
    worstShare: most(({ worstShare }) => worstShare),
    parentShare: most(({ parentShare }) => parentShare),
    measuredShare: elapsedMs === 0 ? 0 : measuredMs / elapsedMs,
  };
}
