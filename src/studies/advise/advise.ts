/**
 * `loopdyno advise`: measures the policies on the user's own work, and sums up the result in a paragraph. For a function,
 * it says whether workers pay: see `workers/`.
 */
import { join } from 'node:path';
import { loadProject, type Project } from '../../catalogue/project.js';
import type { Plan } from '../../harness/plan.js';
import { wrap } from '../../report/table.js';
import { cleanText } from '../../text/clean.js';
import { UsageError } from '../../text/usage.js';
import type { Workload } from '../../workload/workload.js';
import { workloadNames } from '../../workloads/registry.js';
import { casePlanOf, parametersOf, type CasePlan, type MeasureFlags } from '../one-case.js';
import { exitCodeOf, measureRun } from '../run/run.js';
import type { Range } from '../sweep/range.js';
import { oneSubject } from '../subject.js';
import { measureSweep } from '../sweep/sweep.js';
import { withRuntimes } from '../runtimes/chosen.js';
import { printJson, screen } from '../terminal.js';
import { adviceOf, type Sentence } from './sentences.js';
import { adviseWorkers, namesFunction, type WorkersFlags } from './workers/workers.js';

/** The budget in ms: half for the case as it is, half for a sweep along its first number. */
const BUDGET_MS = 120_000;
/** A sweep goes from the present value divided by this to the present value times this. */
const AROUND = 16;

export interface AdviseFlags extends MeasureFlags, WorkersFlags {}

/** What each kind of subject is not asked about. */
const OF_FUNCTIONS = ['input', 'spread', 'concurrency', 'rate'] as const;
const OF_WORKLOADS = ['policy', 'set', 'node', 'runtime', 'install', 'config'] as const;

export async function advise(asked: string | undefined, flags: AdviseFlags): Promise<number> {
  const isFunction = asked !== undefined && (await namesFunction(asked));
  const odd = (isFunction ? OF_WORKLOADS : OF_FUNCTIONS).find((flag) => flags[flag] !== undefined);
  if (odd !== undefined) {
    const [own, subject] = isFunction ? ['workloads', 'function'] : ['functions', 'workload'];
    throw new UsageError(`--${odd} is of ${own}, and '${asked ?? ''}' is a ${subject}`);
  }
  return isFunction ? adviseWorkers(asked, flags) : adviseWorkload(asked, flags);
}

async function adviseWorkload(asked: string | undefined, flags: MeasureFlags): Promise<number> {
  const { project: own, workload: name } = await subject(asked, flags);
  const project = await withRuntimes(own, flags);
  const chosen = casePlanOf(project, name, flags);
  const { workload, params } = chosen;
  const range = rangeAbout(workload, params);
  const budgetMs = (flags.budget ?? BUDGET_MS) / (range === null ? 1 : 2);
  const contestants = chosen.plan.cases[0]?.contestants ?? [];
  if (contestants.length < 2) {
    throw new UsageError('advice is a comparison: name at least two with --policy');
  }
  const root = flags.results ?? project.settings.results ?? 'results';
  const plan: Plan = {
    ...chosen.plan,
    cases: [{ workload, params, contestants }],
    effort: { budgetMs, precision: 0 },
  };
  const run = await measureRun(plan, root, { mode: 'standard' });
  const sweep =
    run.interrupted === null && range !== null
      ? await measureSweep(swept(plan, project), { workload, params, range }, join(root, 'sweeps'))
      : null;
  const sentences = adviceOf(run.document, sweep?.document ?? null);
  if (flags.json === true) {
    printJson({
      workload: name,
      params,
      sentences,
      results: run.folder,
      sweep: sweep?.folder ?? null,
    });
  } else {
    process.stdout.write(render(sentences));
  }
  const folders = [run.folder, sweep?.folder].filter((each) => each !== undefined);
  process.stderr.write(`The cells, and how they were measured: ${folders.join(', ')}\n`);
  return run.interrupted ?? sweep?.interrupted ?? exitCodeOf(run.document);
}

/** A name, a file, or the project's only workload. */
async function subject(asked: string | undefined, flags: MeasureFlags) {
  if (asked !== undefined) return oneSubject(asked, flags);
  const project = await loadProject(process.cwd(), flags.config);
  const theirs = project.workloads.filter(({ name }) => !workloadNames.includes(name));
  const [only] = theirs;
  if (only !== undefined && theirs.length === 1) return { project, workload: only.name };
  throw new UsageError(
    theirs.length === 0
      ? 'advise takes a workload, or a file that exports one, such as ./my-workload.ts, or a function, ./resize.ts#resize: `loopdyno init` writes an example'
      : `advise takes one workload: ${theirs.map(({ name }) => name).join(', ')}`,
  );
}

/**
 * The reference, and the policies that work on several cores: the ranking of policies of one thread does not depend on
 * size, and each additional policy means fewer rounds. All policies if none works on several cores.
 */
function swept(plan: Plan, { policies }: Project): Plan {
  const parallel = new Set(
    policies.filter(({ capabilities }) => capabilities.parallel).map(({ name }) => name),
  );
  const [first] = plan.cases;
  const contestants = first?.contestants ?? [];
  const some = contestants.filter(({ name }) => name === plan.reference || parallel.has(name));
  return some.length < 2 || first === undefined
    ? plan
    : { ...plan, cases: [{ ...first, contestants: some }] };
}

/** The range along its first number; null if it has none. */
function rangeAbout(workload: Workload, params: CasePlan['params']): Range | null {
  const [name] = parametersOf(workload);
  const value = name === undefined ? NaN : Number(params[name]);
  if (name === undefined || !(value > 0)) return null;
  const whole = Number.isInteger(value);
  const from = whole ? Math.max(1, Math.round(value / AROUND)) : value / AROUND;
  return { name, from, to: value * AROUND, scale: 'log' };
}

function render(sentences: readonly Sentence[]): string {
  const { color, width } = screen();
  const dim = (text: string): string => (color ? `\u001B[2m${text}\u001B[22m` : text);
  return sentences
    .map(({ text, cells }) => {
      const cited = cleanText(citationOf(cells));
      return `${wrap(cleanText(text), width, '')}\n${dim(wrap(`[${cited}]`, width - 2, '  '))}\n`;
    })
    .join('\n');
}

/** Names the case once: `case · policy, policy` for several cells of one case. */
function citationOf(cells: readonly string[]): string {
  const policies = new Map<string, Set<string>>();
  for (const cell of cells) {
    const [title = '', policy = ''] = cell.split(' · ');
    policies.set(title, (policies.get(title) ?? new Set()).add(policy));
  }
  return [...policies].map(([title, names]) => `${title} · ${[...names].join(', ')}`).join('; ');
}
