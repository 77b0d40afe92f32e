/** `loopdyno run`: plan, duel, results, report. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadProject, type Project } from '../config/project.js';
import { LoopdynoError } from '../loop/errors.js';
import type { Availability } from '../loop/policy.js';
import { renderPlan, planDocument } from '../report/plan.js';
import { EXIT } from './exit-codes.js';
import { exitCodeOf, measureRun } from './measure-run.js';
import { options, reportersOf } from './options.js';
import { planRun, type PlanFlags } from './plan-run.js';
import { printJson, screen } from './print.js';
import { printResults } from './report.js';
import { chosen } from './usage.js';

interface RunFlags extends PlanFlags {
  reporter?: string[];
  json?: boolean;
  dryRun?: boolean;
  require?: string[];
  config?: string;
  results?: string;
}

/** A policy that was required is not available on this machine. */
export class RequiredPolicyError extends LoopdynoError {}

export function addRun(program: Command): void {
  program
    .command('run', { isDefault: true })
    .description('measure the policies against each other and report')
    .addOption(options.policy())
    .addOption(options.workload())
    .addOption(options.kind())
    .addOption(options.quick())
    .addOption(options.budget())
    .addOption(options.rounds())
    .addOption(options.rate())
    .addOption(options.arrivals())
    .addOption(options.warmUp())
    .addOption(options.seed())
    .addOption(options.require())
    .addOption(options.reporter())
    .addOption(options.json())
    .addOption(options.dryRun())
    .addOption(options.config())
    .addOption(options.results())
    .action(async (flags: RunFlags) => {
      process.exitCode = await run(flags);
    });
}

async function run(flags: RunFlags): Promise<number> {
  const project = await loadProject(process.cwd(), flags.config);
  const plan = planRun(project, flags);
  if (flags.dryRun === true) {
    if (reportersOf(flags).includes('json')) printJson(planDocument(plan));
    else process.stdout.write(renderPlan(plan));
    return EXIT.ok;
  }
  await requireAvailable(project, flags.require ?? []);
  const root = flags.results ?? project.settings.results ?? 'results';
  const results = await measureRun(plan, root, flags.quick === true ? 'quick' : 'standard');
  printResults(results.document, reportersOf(flags), screen());
  process.stderr.write(
    `Saved to ${results.folder}: results.json, report.md, and for your browser\n${join(results.folder, 'report.html')}\n`,
  );
  return results.exitCode ?? exitCodeOf(results.document);
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
