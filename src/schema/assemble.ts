/** From what the duel measured to the results document, with the estimates made from it. */
import type { CaseOutcome } from '../duel/duel.js';
import type { Plan } from '../duel/plan.js';
import { analyseCase } from '../stats/analyse.js';
import { SCHEMA_VERSION, type Cell, type LoadGenerator, type Results } from './results.js';

export interface RunFacts extends Pick<
  Results,
  'fingerprint' | 'startedAt' | 'elapsedMs' | 'command' | 'mode'
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
    loadGenerator: loadGenerator(outcomes),
    cells: outcomes.flatMap((outcome) => cellsOf(plan, outcome)),
  };
}

function cellsOf(plan: Plan, { workload, params, contestants }: CaseOutcome): Cell[] {
  // A cell that failed has no number, not even from the rounds before it did.
  const counted = contestants.filter(({ status }) => status === 'ok' || status === 'aborted');
  const estimates = analyseCase(
    plan.reference,
    new Map(counted.map(({ policy, rounds }) => [policy, rounds])),
  );
  return contestants.map(({ policy, status, reason, digest, rounds }) => ({
    workload: workload.name,
    kind: workload.kind,
    params,
    contestant: { policy },
    status,
    reason,
    digest,
    throughput: estimates.get(policy)?.throughput ?? null,
    ratio: estimates.get(policy)?.ratio ?? null,
    cpuPerJob: estimates.get(policy)?.cpuPerJob ?? null,
    rounds,
  }));
}

/** What the echo clients said of themselves: how fast they could be if the server cost nothing. */
function loadGenerator(outcomes: readonly CaseOutcome[]): LoadGenerator | null {
  const ceilings: LoadGenerator['ceilings'] = [];
  let engine: LoadGenerator['engine'] | null = null;
  for (const { fixture } of outcomes) {
    if (fixture === null) continue;
    const { engine: kind, size, messages, cpuUs } = fixture;
    if ((kind !== 'native' && kind !== 'node') || !Number(cpuUs)) continue;
    engine = kind;
    const messagesPerSecond = Math.round((Number(messages) / Number(cpuUs)) * 1e6);
    ceilings.push({ size: Number(size), messagesPerSecond });
  }
  return engine === null ? null : { engine, ceilings };
}
