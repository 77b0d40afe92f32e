/** `loopdyno sweep`: the duel along a parameter of a workload, and where the policies' curves cross. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadProject } from '../config/project.js';
import { renderSweep } from '../report/sweep/render.js';
import { parseRange, SweepRangeError, type Range } from '../sweep/range.js';
import { exitCodeOf } from './measure-run.js';
import { measureSweep } from './measure-sweep.js';
import { casePlanOf, checkParameter, withMeasureOptions, type MeasureFlags } from './one-case.js';
import { printJson, screen } from './print.js';
import { UsageError } from './usage.js';

interface SweepFlags extends MeasureFlags {
  param: string;
}

export function addSweep(program: Command): void {
  const command = program
    .command('sweep')
    .description("measure along a parameter, and find where the policies' curves cross")
    .argument('<workload>', 'such as spin, whose jobs have any size')
    .requiredOption('--param <name=from..to[:log]>', 'what to vary, such as us=10..1000:log');
  withMeasureOptions(command).action(async (workload: string, flags: SweepFlags) => {
    process.exitCode = await sweep(workload, flags);
  });
}

async function sweep(name: string, flags: SweepFlags): Promise<number> {
  const project = await loadProject(process.cwd(), flags.config);
  const { plan, workload, params } = casePlanOf(project, name, flags);
  const range = rangeOf(flags.param);
  checkParameter(workload, range.name);
  const root = join(flags.results ?? project.settings.results ?? 'results', 'sweeps');
  const subject = { workload, params, range };
  const { document, folder, exitCode } = await measureSweep(plan, subject, root);
  if (flags.json === true) printJson(document);
  else process.stdout.write(renderSweep(document, screen()));
  process.stderr.write(
    `Saved to ${folder}: sweep.json, report.md, and for your browser\n${join(folder, 'report.html')}\n`,
  );
  return exitCode ?? exitCodeOf(document.results);
}

function rangeOf(text: string): Range {
  try {
    return parseRange(text);
  } catch (error) {
    throw error instanceof SweepRangeError ? new UsageError(error.message) : error;
  }
}
