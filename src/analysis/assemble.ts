/** From the measured cases to the results document with its estimates. */
import type { CaseOutcome } from '../harness/case-run.js';
import type { MeasuredCases } from '../harness/measure.js';
import type { Launch, Plan } from '../harness/plan.js';
import { NO_ESTIMATES, analyseCase, priorsOf, type CaseRounds, type Priors } from './estimates.js';
import { judged } from './verdicts.js';
import { noiseOf } from './noise.js';
import { harnessOf } from './harness-share.js';
import {
  ResultsSchema,
  SCHEMA_VERSION,
  type Ceiling,
  type Cell,
  type Results,
} from '../documents/results.js';

export interface RunFacts extends Pick<
  Results,
  'fingerprint' | 'startedAt' | 'elapsedMs' | 'command' | 'mode'
> {
  readonly aborted: boolean;
  readonly race?: Results['race'] | undefined;
  readonly shard?: Results['shard'] | undefined;
}

export function assemble(
  plan: Plan,
  { cases: outcomes, parentShare }: MeasuredCases,
  { aborted, fingerprint, race, shard, ...facts }: RunFacts,
): Results {
  const cells = cellsOf(plan, outcomes);
  // Parsed by the schema, so that what is written equals what is read, down to the order of its keys.
  const results = ResultsSchema.parse({
    schemaVersion: SCHEMA_VERSION,
    status: aborted ? 'aborted' : 'complete',
    ...facts,
    fingerprint: launchedOn(fingerprint, plan.launch),
    budgetMs: 'budgetMs' in plan.effort ? plan.effort.budgetMs : null,
    precision: 'precision' in plan.effort ? plan.effort.precision : null,
    seed: plan.seed,
    load: plan.round.load && {
      perSecond: plan.round.load.perSecond,
      arrivals: plan.round.load.arrivals,
    },
    ...(race && { race }),
    ...(shard && { shard }),
    reference: plan.reference,
    harness: harnessOf(cells, { parentShare, elapsedMs: facts.elapsedMs }),
    noise: noiseOf(cells),
    ceilings: outcomes.flatMap(ceilingOf),
    cells,
    warnings: [],
    summary: [],
    says: outcomes.map(({ workload, params, moreMs }) => ({
      workload: workload.name,
      params,
      sentence: '',
      remarks: [],
      moreMs,
    })),
  } satisfies Results);
  return judged(results);
}

/** The cells with their estimates, of what has been measured so far. */
export function cellsOf(plan: Plan, outcomes: readonly CaseOutcome[]): Cell[] {
  const priors = priorsOf(plan.reference, outcomes.map(countedOf));
  return outcomes.flatMap((outcome) => cellsOfCase(plan, outcome, priors));
}

/** A failed cell has no numbers, not even from the rounds before it failed. */
function countedOf({ contestants }: CaseOutcome): CaseRounds {
  const counted = contestants.filter(({ status }) => status === 'ok' || status === 'aborted');
  return new Map(counted.map(({ contestant, rounds }) => [contestant.name, rounds]));
}

function cellsOfCase(plan: Plan, outcome: CaseOutcome, priors: Priors): Cell[] {
  const { workload, params, contestants } = outcome;
  const estimates = analyseCase(plan.reference, countedOf(outcome), priors);
  return contestants.map(({ contestant: { name }, runtime, status, reason, digest, rounds }) => ({
    workload: workload.name,
    kind: workload.kind,
    params,
    contestant: { policy: name, ...(runtime === null ? {} : { runtime }) },
    status,
    reason,
    digest,
    verdict: null,
    ...(estimates.get(name) ?? NO_ESTIMATES),
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

/** The fingerprint, with the options that the contestants were started with. */
function launchedOn(
  fingerprint: Results['fingerprint'],
  { nodeFlags, env }: Launch,
): Results['fingerprint'] {
  const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return { ...fingerprint, flags: [...fingerprint.flags, ...nodeFlags], env: given };
}
