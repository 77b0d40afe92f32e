/** A sweep measured with what a person sees meanwhile, and saved. */
import type { Plan } from '../duel/plan.js';
import { saveSweep } from '../report/store.js';
import { assembleSweep, type Sweep } from '../schema/sweep.js';
import { nextPoint } from '../sweep/next-point.js';
import { coarseOf, gridOf, type Range } from '../sweep/range.js';
import { stateOf } from '../sweep/state.js';
import type { Params, Workload } from '../workload/workload.js';
import { measured, type Measured } from './measure-run.js';
import { UsageError } from './usage.js';

export interface SweepSubject {
  readonly workload: Workload;
  /** Of which the range's takes another value at each point. */
  readonly params: Params;
  readonly range: Range;
}

/** `plan` tells the contestants, the effort and the seed. */
export async function measureSweep(
  plan: Plan,
  { workload, params, range }: SweepSubject,
  root: string,
): Promise<Measured<Sweep>> {
  const contestants = plan.cases[0]?.contestants ?? [];
  if (contestants.length < 2) {
    throw new UsageError('a sweep compares policies: name at least two with --policy');
  }
  const grid = gridOf(range);
  const coarse = coarseOf(grid);
  const { effort, reference } = plan;
  const budgetMs = 'budgetMs' in effort ? effort.budgetMs : Infinity;
  const cases = grid.map((x) => ({
    workload,
    params: { ...params, [range.name]: x },
    contestants,
  }));
  return measured(
    { ...plan, cases },
    root,
    {
      mode: 'standard',
      choose: (outcomes, elapsedMs) =>
        elapsedMs >= budgetMs
          ? null
          : nextPoint(stateOf(outcomes, { grid, coarse, scale: range.scale }, reference)),
    },
    async (folder, results) => {
      const unit = workload.parameters?.[range.name] ?? null;
      const sweep = assembleSweep(results, range, unit);
      await saveSweep(folder, sweep);
      return sweep;
    },
  );
}
