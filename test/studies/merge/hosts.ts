/** Runs of several hosts, and shards of one, made of the golden run. */
import type { Cell, Results, Shard } from '#dist/src/documents/results.js';
import { analyseCase, priorsOfCells, roundsByCase } from '#dist/src/analysis/estimates.js';
import { caseKey } from '#dist/src/documents/cases.js';
import { casesOfPlan, type SavedRun } from '#dist/src/studies/merge/agree.js';
import { goldenResults } from '../../golden/golden.js';
import { normalNoise } from '../../stats/noise.js';

/** A host on which each contestant's rate is another one: `spread` on the log scale for the host, a fifth of it a round. */
export function hostRun(
  number: number,
  spread = 0,
  change: (results: Results) => void = () => {},
): SavedRun {
  const results = goldenResults();
  const noise = normalNoise(100 + number);
  results.mode = 'standard';
  results.startedAt = `2026-11-23T15:${String(number).padStart(2, '0')}:00.000Z`;
  results.fingerprint.dirty = false;
  for (const { rounds, contestant } of results.cells) {
    const host = contestant.policy === results.reference ? 0 : spread * noise();
    for (const round of rounds) {
      const factor = Math.exp(host + (spread / 5) * noise());
      for (const slice of round.slices) slice.ms *= factor;
    }
  }
  const priors = priorsOfCells(results);
  const cases = roundsByCase(results.cells);
  for (const cell of results.cells) {
    const rounds = cases.get(caseKey(cell)) ?? new Map<string, Cell['rounds']>();
    Object.assign(cell, analyseCase(results.reference, rounds, priors).get(cell.contestant.policy));
  }
  change(results);
  return { file: `host-${number}.json`, results };
}

/** Shard `index` of `of` of the golden run. */
export function shardRun(
  index: number,
  of: number,
  change: (results: Results) => void = () => {},
): SavedRun {
  const { results } = hostRun(index);
  const cases: Shard['cases'] = casesOfPlan(results);
  const own = new Set(cases.filter((_, at) => at % of === index - 1).map(caseKey));
  const mine = ({ workload, params }: Pick<Cell, 'workload' | 'params'>): boolean =>
    own.has(caseKey({ workload, params }));
  results.shard = { index, of, cases };
  results.cells = results.cells.filter(mine);
  results.says = results.says.filter(mine);
  results.ceilings = results.ceilings.filter(mine);
  change(results);
  return { file: `shard-${index}.json`, results };
}

export function cellOf({ cells }: Results, workload: string, policy: string): Cell {
  const found = cells.find(
    (cell) => cell.workload === workload && cell.contestant.policy === policy,
  );
  if (found === undefined) throw new Error(`there is no ${policy} in ${workload}`);
  return found;
}
