/** `loopdyno sweep`: the duel along a parameter of a workload, and where the policies' curves cross. */
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { loadProject } from '../config/project.js';
import { duel } from '../duel/duel.js';
import { fingerprint } from '../duel/fingerprint.js';
import type { Plan } from '../duel/plan.js';
import { ProgressLine } from '../report/progress.js';
import { createRunFolder, saveSweep } from '../report/store.js';
import { renderSweep } from '../report/sweep/render.js';
import { assemble } from '../schema/assemble.js';
import { assembleSweep, type Sweep } from '../schema/sweep.js';
import { coarseOf, gridOf, parseRange, SweepRangeError, type Range } from '../sweep/range.js';
import { nextPoint } from '../sweep/next-point.js';
import { stateOf } from '../sweep/state.js';
import type { Params, Workload } from '../workload/workload.js';
import { EXIT } from './exit-codes.js';
import { listenForInterruption } from './interruption.js';
import { list, options } from './options.js';
import { planRun } from './plan-run.js';
import { printJson, screen } from './print.js';
import { hint } from '../hint.js';
import { UsageError, named } from './usage.js';

interface SweepFlags {
  param: string;
  set?: string[];
  policy?: string[];
  budget?: number;
  seed?: number;
  json?: boolean;
  config?: string;
  results?: string;
}

export function addSweep(program: Command): void {
  program
    .command('sweep')
    .description("measure along a parameter, and find where the policies' curves cross")
    .argument('<workload>', 'such as spin, whose jobs have any size')
    .requiredOption('--param <name=from..to[:log]>', 'what to vary, such as us=10..1000:log')
    .addOption(
      new Option('--set <name=value...>', 'other parameters, such as concurrency=16').argParser(
        list,
      ),
    )
    .addOption(options.policy())
    .addOption(options.budget())
    .addOption(options.seed())
    .addOption(options.json())
    .addOption(options.config())
    .addOption(options.results())
    .action(async (workload: string, flags: SweepFlags) => {
      process.exitCode = await sweep(workload, flags);
    });
}

async function sweep(name: string, flags: SweepFlags): Promise<number> {
  const project = await loadProject(process.cwd(), flags.config);
  const workload = named(project.workloads, 'workload', name);
  const range = rangeOf(flags.param);
  checkParameter(workload, range.name);
  const fixed = { ...workload.cases[0], ...settingsOf(workload, flags.set ?? []) };
  const base = planRun(project, { ...flags, workload: [name] });
  const contestants = base.cases[0]?.contestants ?? [];
  if (contestants.length < 2) {
    throw new UsageError('a sweep compares policies: name at least two with --policy');
  }
  const grid = gridOf(range);
  const plan: Plan = {
    ...base,
    cases: grid.map((x) => ({ workload, params: { ...fixed, [range.name]: x }, contestants })),
  };
  const root = join(flags.results ?? project.settings.results ?? 'results', 'sweeps');
  const { document, folder, exitCode } = await measure(plan, range, root, workload);
  if (flags.json === true) printJson(document);
  else process.stdout.write(renderSweep(document, screen()));
  process.stderr.write(
    `Saved to ${folder}: sweep.json, report.md, and for your browser\n${join(folder, 'report.html')}\n`,
  );
  return exitCode ?? exitCodeOf(document);
}

async function measure(plan: Plan, range: Range, root: string, workload: Workload) {
  const print = fingerprint();
  const startedAt = new Date();
  const folder = await createRunFolder(root, { startedAt, commit: print.commit });
  const interruption = listenForInterruption('ending the contestants and saving what was measured');
  const progress = new ProgressLine(process.stderr);
  const began = performance.now();
  const grid = plan.cases.map(({ params }) => Number(params[range.name]));
  const coarse = coarseOf(grid);
  const budgetMs = 'budgetMs' in plan.effort ? plan.effort.budgetMs : Infinity;
  const { cases, parentShare } = await duel(plan, {
    signal: interruption.signal,
    onProgress: (state) => progress.show(state),
    choose: (outcomes, elapsedMs) =>
      elapsedMs >= budgetMs
        ? null
        : nextPoint(stateOf(outcomes, { grid, coarse, scale: range.scale }, plan.reference)),
  });
  progress.clear();
  interruption.stop();
  const results = assemble(plan, cases, {
    fingerprint: print,
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(performance.now() - began),
    command: process.argv.slice(2),
    mode: 'standard',
    budgetMs: Number.isFinite(budgetMs) ? budgetMs : null,
    aborted: interruption.signal.aborted,
    parentShare,
  });
  const unit = workload.parameters?.[range.name] ?? null;
  const document = assembleSweep(results, range, unit);
  await saveSweep(folder, document);
  return { document, folder, exitCode: interruption.exitCode };
}

function rangeOf(text: string): Range {
  try {
    return parseRange(text);
  } catch (error) {
    throw error instanceof SweepRangeError ? new UsageError(error.message) : error;
  }
}

/** What it varies in its cases, if numbers, and what it says can be swept. */
function parametersOf({ cases, parameters = {} }: Workload): string[] {
  const numbers = Object.entries(cases[0] ?? {})
    .filter(([, value]) => typeof value === 'number')
    .map(([name]) => name);
  return [...new Set([...Object.keys(parameters), ...numbers])];
}

function checkParameter(workload: Workload, name: string): void {
  const known = parametersOf(workload);
  if (known.includes(name)) return;
  const what =
    known.length === 0
      ? `workload '${workload.name}' has no number to vary: try spin`
      : `workload '${workload.name}' has no parameter '${name}'${hint(name, known)}; it has ${known.join(', ')}`;
  throw new UsageError(what);
}

function settingsOf(workload: Workload, given: readonly string[]): Params {
  return Object.fromEntries(
    given.map((text) => {
      const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
      const number = Number(value);
      if (name === undefined || value === '' || !Number.isFinite(number)) {
        throw new UsageError(`--set takes name=number, such as concurrency=16, but got '${text}'`);
      }
      checkParameter(workload, name);
      return [name, number];
    }),
  );
}

function exitCodeOf({ results: { cells } }: Sweep): number {
  if (cells.some(({ status }) => status === 'failed')) return EXIT.failed;
  return cells.some(({ status }) => status === 'ok') ? EXIT.ok : EXIT.notMeasured;
}
