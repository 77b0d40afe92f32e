/** From what the duel measured to the results document, with the estimates made from it. */
import type { CaseOutcome } from '../duel/bout.js';
import type { Plan } from '../duel/plan.js';
import { analyseCase } from '../stats/analyse.js';
import { SCHEMA_VERSION, type Ceiling, type Cell, type Results } from './results.js';

export interface RunFacts extends Pick<
  Results,
  'fingerprint' | 'startedAt' | 'elapsedMs' | 'command' | 'mode' | 'budgetMs'
> {
  readonly aborted: boolean;
}

export function assemble(plan: Plan, outcomes: readonly CaseOutcome[], facts: RunFacts): Results {
  const { aborted, ...rest } = facts;
  return {
    schemaVersion: SCHEMA_VERSION,
    status: aborted ? 'aborted' : 'complete',
    ...rest,
    seed: plan.seed,
    reference: plan.reference,
    harness: null,
    ceilings: outcomes.flatMap(ceilingOf),
    cells: outcomes.flatMap((outcome) => cellsOf(plan, outcome)),
  };
}

function cellsOf(plan: Plan, { workload, params, contestants }: CaseOutcome): Cell[] {
  // A cell that failed has no number, not even from the rounds before it did.
  const counted = contestants.filter(({ status }) => status === 'ok' || status === 'aborted');
  const estimates = analyseCase(
    plan.reference,
    new Map(counted.map(({ contestant, rounds }) => [contestant.name, rounds])),
  );
  return contestants.map(({ contestant: { name, policy }, status, reason, digest, rounds }) => ({
    workload: workload.name,
    kind: workload.kind,
    params,
    contestant: { policy },
    status,
    reason,
    digest,
    throughput: estimates.get(name)?.throughput ?? null,
    ratio: estimates.get(name)?.ratio ?? null,
    cpuPerJob: estimates.get(name)?.cpuPerJob ?? null,
    latency: null,
    lag: null,
    firstJob: null,
    memory: null,
    gc: null,
    switches: null,
    outliers: null,
    rounds,
  }));
}

function ceilingOf({ workload, params, load }: CaseOutcome): Ceiling[] {
  if (load === null || load.handled === 0 || load.cpuUs === 0) return [];
  const { engine, unit, perJob, handled, cpuUs } = load;
  const perSecond = Math.round((handled / cpuUs) * 1e6);
  return [
    { workload: workload.name, params, engine, unit, perSecond, jobsPerSecond: perSecond / perJob },
  ];
}
