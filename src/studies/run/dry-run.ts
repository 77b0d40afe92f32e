/** `--dry-run`: what a plan would measure, and about how long that would take. */
import { guessedRoundMs, type Plan } from '../../harness/plan.js';
import { cleanText } from '../../text/clean.js';
import { formatElapsed, formatParams } from '../../text/format.js';

export interface PlanDocument {
  readonly reference: string;
  readonly seed: number;
  readonly cases: readonly {
    readonly workload: string;
    readonly kind: string;
    readonly params: Readonly<Record<string, number | string>>;
    readonly contestants: readonly string[];
  }[];
  /** The number of rounds of each case; null if rounds repeat until the budget is spent. */
  readonly rounds: number | null;
  /** About how long the run would take, in ms. */
  readonly etaMs: number;
}

export function planDocument(plan: Plan): PlanDocument {
  const { effort } = plan;
  const guess = plan.cases.map(({ contestants, workload }) =>
    guessedRoundMs(plan, contestants.length, workload.kind),
  );
  const once = guess.reduce((sum, ms) => sum + ms, 0);
  return {
    reference: plan.reference,
    seed: plan.seed,
    cases: plan.cases.map(({ workload, params, contestants }) => ({
      workload: workload.name,
      kind: workload.kind,
      params,
      contestants: contestants.map(({ name }) => name),
    })),
    rounds: 'rounds' in effort ? effort.rounds : null,
    etaMs: Math.round('rounds' in effort ? once * effort.rounds : effort.budgetMs),
  };
}

export function renderPlan(plan: Plan): string {
  const { cases, rounds, etaMs, reference } = planDocument(plan);
  const lines = cases.map(({ workload, params, kind, contestants }) => {
    const what = [workload, formatParams(params)].filter((part) => part !== '').join(' ');
    return `  ${cleanText(what)} (${kind}): ${contestants.map(cleanText).join(', ')}`;
  });
  const effort =
    rounds === null
      ? `rounds until ${formatElapsed(etaMs)} are spent`
      : `${rounds} rounds of each, about ${formatElapsed(etaMs)}`;
  return [
    `${cases.length} cases, ratios to ${cleanText(reference)}, ${effort}:`,
    ...lines,
    'Nothing was measured.',
    '',
  ].join('\n');
}
