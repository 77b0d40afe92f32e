/** `loopdyno capacity`: finds the highest rate at which each policy keeps its latency within a bound. */
import { join } from 'node:path';
import { CapacitySchema, type Capacity } from '../../documents/capacity.js';
import { geometricInterval } from '../../stats/interval.js';
import type { ArrivalKind } from '../../workload/open-loop.js';
import { EXIT } from '../exit-codes.js';
import { casePlanOf, type MeasureFlags } from '../one-case.js';
import { conduct, present } from '../study.js';
import { screen } from '../terminal.js';
import { measureCapacity, type PolicyLimits } from './measure.js';
import { renderCapacity } from './render.js';
import { parseSlo } from './slo.js';
import { oneSubject } from '../subject.js';
import { withRuntimes } from '../runtimes/chosen.js';

export interface CapacityFlags extends MeasureFlags {
  slo: string;
  arrivals?: ArrivalKind;
}

const BUDGET_MS = 120_000;

export async function capacity(asked: string, flags: CapacityFlags): Promise<number> {
  const slo = parseSlo(flags.slo);
  const subject = await oneSubject(asked, flags);
  const project = await withRuntimes(subject.project, flags);
  const { plan, workload, params } = casePlanOf(project, subject.workload, flags);
  const contestants = plan.cases[0]?.contestants ?? [];
  const { arrivals = 'poisson', budget: budgetMs = BUDGET_MS } = flags;
  const root = join(flags.results ?? project.settings.results ?? 'results', 'capacity');
  const conducted = await conduct({
    place: { root },
    measure: (measuring) =>
      measureCapacity(
        { ...plan, cases: [{ workload, params, contestants }] },
        { slo, arrivals, budgetMs, ...measuring },
      ),
    document: (policies, { aborted, ...facts }): Capacity =>
      CapacitySchema.parse({
        schemaVersion: 1,
        status: aborted ? 'aborted' : 'complete',
        ...facts,
        seed: plan.seed,
        workload: workload.name,
        params,
        arrivals,
        slo,
        policies: policies.map(withLimit),
      } satisfies Capacity),
    files: async (document) => ({ 'capacity.json': `${JSON.stringify(document, null, 2)}\n` }),
  });
  return present(conducted, {
    json: flags.json === true,
    render: (document) => renderCapacity(document, screen()),
    files: ['capacity.json'],
    exitCode: exitCodeOf,
  });
}

/** No limit if some process held no rate at all: a mean of the others would be too good. */
function withLimit(policy: PolicyLimits): Capacity['policies'][number] {
  const { limits, closed } = policy;
  const held = limits.filter((limit) => limit !== null);
  const limit = held.length === 0 || held.length < limits.length ? null : geometricInterval(held);
  const ofClosed = limit === null ? null : limit.point / geometricInterval(closed).point;
  return { ...policy, limit, ofClosed };
}

function exitCodeOf({ policies }: Capacity): number {
  if (policies.some(({ status }) => status === 'failed')) return EXIT.failed;
  return policies.some(({ limits }) => limits.length > 0) ? EXIT.ok : EXIT.notMeasured;
}
