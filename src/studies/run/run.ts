/** `loopdyno run`: measures the policies against each other on every case. */
import { measureCases, type CaseOutcome, type Progress } from '../../harness/measure.js';
import type { Plan } from '../../harness/plan.js';
import { assemble, cellsOf, type RunFacts } from '../../analysis/assemble.js';
import { loadProject, type Project } from '../../catalogue/project.js';
import type { Results } from '../../documents/results.js';
import type { Availability } from '../../loop/policy.js';
import { renderSoFar } from '../../report/console.js';
import type { Room } from '../../report/progress.js';
import { LoopdynoError } from '../../text/errors.js';
import { ledgerLine } from '../../policies/nats/ledger.js';
import { UsageError, chosen } from '../../text/usage.js';
import { EXIT } from '../exit-codes.js';
import { planRun, type PlanFlags } from '../plan.js';
import { printResults } from '../print-results.js';
import { reportersOf, type ReporterFlags } from '../reporters.js';
import { conduct, savedText, type Conducted } from '../study.js';
import { subjectOf } from '../subject.js';
import { withRuntimes } from '../runtimes/chosen.js';
import { printJson, screen } from '../terminal.js';
import { planDocument, renderPlan } from './dry-run.js';
import { runFiles } from './files.js';
import { shareOf, sharded } from './shard.js';

export interface RunFlags extends PlanFlags, ReporterFlags {
  dryRun?: boolean;
  require?: string[];
  /** A share of the cases, as `2/5` or `auto`. */
  shard?: string;
  config?: string;
  results?: string;
}

/** A policy that was required is not available on this machine. */
export class RequiredPolicyError extends LoopdynoError {}

/** `asked`: a workload, or a file that exports some; without it, those of `--workload`. */
export async function run(asked: string | undefined, flags: RunFlags): Promise<number> {
  const share = flags.shard === undefined ? null : shareOf(flags.shard, process.env);
  const { project: own, ...named } = await subjectsOf(asked, flags);
  const project = await withRuntimes(own, flags);
  const whole = planRun(project, { ...flags, ...named });
  const { plan, shard } =
    share === null ? { plan: whole, shard: undefined } : sharded(whole, share);
  const reporters = reportersOf(flags);
  if (flags.dryRun === true) {
    if (reporters.includes('json')) printJson(planDocument(plan));
    else process.stdout.write(renderPlan(plan));
    return EXIT.ok;
  }
  await requireAvailable(project, flags.require ?? []);
  const root = flags.results ?? project.settings.results ?? 'results';
  const mode = flags.quick === true ? 'quick' : 'standard';
  const { document, folder, interrupted } = await measureRun(plan, root, { mode, shard });
  printResults(document, reporters);
  process.stderr.write(savedText(folder, ['results.json', 'report.md', 'report.html']));
  return interrupted ?? exitCodeOf(document);
}

async function subjectsOf(
  asked: string | undefined,
  flags: RunFlags,
): Promise<{ project: Project; workload?: string[] }> {
  if (asked === undefined) return { project: await loadProject(process.cwd(), flags.config) };
  if (flags.workload !== undefined || flags.all === true) {
    throw new UsageError(`'${asked}' and --workload or --all both say what to measure: give one`);
  }
  const { project, workloads } = await subjectOf(asked, flags);
  return { project, workload: [...workloads] };
}

/** Measures a plan and saves the results. */
export function measureRun(
  plan: Plan,
  root: string,
  facts: Pick<RunFacts, 'mode' | 'race' | 'shard'>,
): Promise<Conducted<Results>> {
  return conduct({
    place: { root },
    measure: async ({ signal, onProgress }) => {
      const measured = await measureCases(plan, {
        signal,
        onProgress: (progress, cases) =>
          onProgress({ ...progress, table: tableOf(plan, progress, cases) }),
      });
      process.stderr.write(ledgersOf(measured.cases));
      return measured;
    },
    document: (measured, more) => assemble(plan, measured, { ...more, ...facts }),
    files: runFiles,
  });
}

/** The table so far, for a terminal. */
function tableOf(plan: Plan, at: Progress, cases: readonly CaseOutcome[]) {
  return (room: Room): string[] => {
    const { reference, round } = plan;
    const measured = { reference, load: round.load, cells: cellsOf(plan, cases) };
    return renderSoFar(measured, { ...screen(), ...room }, at);
  };
}

/** A line for each contestant of which the jobs went beyond the machine. */
function ledgersOf(cases: readonly CaseOutcome[]): string {
  return cases
    .flatMap(({ workload, contestants }) =>
      contestants
        .filter(({ ledger }) => Object.keys(ledger).length > 0)
        .map(
          ({ contestant, ledger }) =>
            `${contestant.policy}, ${workload.name}: ${ledgerLine(ledger)}\n`,
        ),
    )
    .join('');
}

/** The exit status of a run that was not interrupted. */
export function exitCodeOf({ cells }: Pick<Results, 'cells'>): number {
  if (cells.some(({ status }) => status === 'failed')) return EXIT.failed;
  return cells.some(({ status }) => status === 'ok') ? EXIT.ok : EXIT.notMeasured;
}

async function requireAvailable(project: Project, names: readonly string[]): Promise<void> {
  const all = [
    ...project.policies.map((policy) => ({ name: policy.name, find: () => policy.probe() })),
    ...project.programs,
  ];
  for (const { name, find } of chosen(all, 'policy', names)) {
    const found: Availability = await find();
    if (found.ok) continue;
    throw new RequiredPolicyError(
      `policy '${name}' is required and not available: ${found.reason}. ${found.remedy}`,
    );
  }
}
