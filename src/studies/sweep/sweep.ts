/** `loopdyno sweep`: measures cases along a parameter of a workload, and finds where the policies' curves cross. */
import { join } from 'node:path';
import { assemble } from '../../analysis/assemble.js';
import type { Sweep } from '../../documents/sweep.js';
import type { Files } from '../../documents/store.js';
import { measureCases } from '../../harness/measure.js';
import type { Plan } from '../../harness/plan.js';
import { oneSubject } from '../subject.js';
import { withRuntimes } from '../runtimes/chosen.js';
import { UsageError } from '../../text/usage.js';
import type { Params, Workload } from '../../workload/workload.js';
import { casePlanOf, checkParameter, type MeasureFlags } from '../one-case.js';
import { exitCodeOf } from '../run/run.js';
import { conduct, present, type Conducted } from '../study.js';
import { screen } from '../terminal.js';
import { assembleSweep } from './document.js';
import { nextPoint, type SweepState } from './next-point.js';
import { coarseOf, gridOf, parseRange, type Range } from './range.js';
import { renderSweep, renderSweepMarkdown } from './render.js';
import { stateOf } from './state.js';

export interface SweepFlags extends MeasureFlags {
  param: string;
}

export async function sweep(asked: string, flags: SweepFlags): Promise<number> {
  const subject = await oneSubject(asked, flags);
  const project = await withRuntimes(subject.project, flags);
  const { plan, workload, params } = casePlanOf(project, subject.workload, flags);
  const range = parseRange(flags.param);
  checkParameter(workload, range.name);
  const root = join(flags.results ?? project.settings.results ?? 'results', 'sweeps');
  return present(await measureSweep(plan, { workload, params, range }, root), {
    json: flags.json === true,
    render: (document) => renderSweep(document, screen()),
    files: ['sweep.json', 'report.md', 'report.html'],
    exitCode: ({ results }) => exitCodeOf(results),
  });
}

export interface SweepSubject {
  readonly workload: Workload;
  /** The parameters; the swept one is replaced at each point. */
  readonly params: Params;
  readonly range: Range;
  /** Which points there are, and in which order they are measured; default: see `next-point.ts`. */
  readonly search?: SweepSearch;
}

export interface SweepSearch {
  readonly grid: readonly number[];
  readonly next: (state: SweepState) => number | null;
}

/** `plan` has the contestants, the effort and the seed. */
export async function measureSweep(
  plan: Plan,
  { workload, params, range, search }: SweepSubject,
  root: string,
): Promise<Conducted<Sweep>> {
  const contestants = plan.cases[0]?.contestants ?? [];
  if (contestants.length < 2) {
    throw new UsageError('a sweep compares policies: name at least two with --policy');
  }
  const { grid, next } = search ?? { grid: gridOf(range), next: nextPoint };
  const coarse = coarseOf(grid);
  const { effort, reference } = plan;
  const budgetMs = 'budgetMs' in effort ? effort.budgetMs : Infinity;
  const swept: Plan = {
    ...plan,
    cases: grid.map((x) => ({ workload, params: { ...params, [range.name]: x }, contestants })),
  };
  return conduct({
    place: { root },
    measure: (measuring) =>
      measureCases(swept, {
        ...measuring,
        choose: (outcomes, elapsedMs) =>
          elapsedMs >= budgetMs
            ? null
            : next(stateOf(outcomes, { grid, coarse, scale: range.scale }, reference)),
      }),
    document: (measured, facts) => {
      const results = assemble(swept, measured, { ...facts, mode: 'standard' });
      return assembleSweep(results, range, workload.parameters?.[range.name] ?? null);
    },
    files: sweepFiles,
  });
}

/** Loads the plotting library only here: it is larger than everything else that a sweep loads. */
async function sweepFiles(document: Sweep): Promise<Files> {
  const { renderSweepHtml } = await import('./html.js');
  return {
    'sweep.json': `${JSON.stringify(document)}\n`,
    'report.md': renderSweepMarkdown(document),
    'report.html': renderSweepHtml(document),
  };
}
