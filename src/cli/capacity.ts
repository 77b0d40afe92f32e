/** `loopdyno capacity`: the highest rate at which each policy keeps its latency within a bound. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { capacity } from '../capacity/capacity.js';
import { parseSlo, SloError, type Slo } from '../capacity/slo.js';
import { loadProject } from '../config/project.js';
import { fingerprint } from '../duel/fingerprint.js';
import { renderCapacity } from '../report/capacity.js';
import { ProgressLine } from '../report/progress.js';
import { createRunFolder, saveCapacity } from '../report/store.js';
import { CapacitySchema, type Capacity } from '../schema/capacity.js';
import { geometricInterval } from '../stats/ratio-interval.js';
import type { ArrivalKind } from '../workload/open-loop.js';
import { EXIT } from './exit-codes.js';
import { listenForInterruption } from './interruption.js';
import { casePlanOf, withMeasureOptions, type MeasureFlags } from './one-case.js';
import { options } from './options.js';
import { printJson, screen } from './print.js';
import { UsageError } from './usage.js';

interface CapacityFlags extends MeasureFlags {
  slo: string;
  arrivals?: ArrivalKind;
}

const BUDGET_MS = 120_000;

export function addCapacity(program: Command): void {
  const command = program
    .command('capacity')
    .description('the highest rate of jobs at which each policy keeps its latency within a bound')
    .argument('<workload>', 'one made of jobs, such as spin or fetch-all')
    .requiredOption('--slo <percentile=time>', 'the bound, such as p99=50ms')
    .addOption(options.arrivals());
  withMeasureOptions(command, '2m').action(async (workload: string, flags: CapacityFlags) => {
    process.exitCode = await measure(workload, flags);
  });
}

async function measure(name: string, flags: CapacityFlags): Promise<number> {
  const slo = sloOf(flags.slo);
  const project = await loadProject(process.cwd(), flags.config);
  const { plan, workload, params } = casePlanOf(project, name, flags);
  const contestants = plan.cases[0]?.contestants ?? [];
  const { arrivals = 'poisson', budget: budgetMs = BUDGET_MS } = flags;
  const print = fingerprint();
  const startedAt = new Date();
  const root = join(flags.results ?? project.settings.results ?? 'results', 'capacity');
  const folder = await createRunFolder(root, { startedAt, commit: print.commit });
  const interruption = listenForInterruption('ending the contestants and saving what was measured');
  const progress = new ProgressLine(process.stderr);
  const began = performance.now();
  const policies = await capacity(
    { ...plan, cases: [{ workload, params, contestants }] },
    {
      slo,
      arrivals,
      budgetMs,
      signal: interruption.signal,
      onRound: (round, elapsedMs) =>
        progress.show({
          workload: name,
          params,
          round,
          elapsedMs,
          leftMs: Math.max(0, budgetMs - elapsedMs),
        }),
    },
  );
  progress.clear();
  interruption.stop();
  const document: Capacity = CapacitySchema.parse({
    schemaVersion: 1,
    status: interruption.signal.aborted ? 'aborted' : 'complete',
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(performance.now() - began),
    seed: plan.seed,
    command: process.argv.slice(2),
    fingerprint: print,
    workload: name,
    params,
    arrivals,
    slo,
    policies: policies.map((each) => ({ ...each, limit: limitOf(each.limits) })),
  } satisfies Capacity);
  await saveCapacity(folder, document);
  if (flags.json === true) printJson(document);
  else process.stdout.write(renderCapacity(document, screen()));
  process.stderr.write(`Saved to ${join(folder, 'capacity.json')}\n`);
  return interruption.exitCode ?? exitCodeOf(document);
}

function sloOf(text: string): Slo {
  try {
    return parseSlo(text);
  } catch (error) {
    throw error instanceof SloError ? new UsageError(error.message) : error;
  }
}

/** Null where some process held no rate at all: a mean of the others would be too good. */
function limitOf(limits: readonly (number | null)[]): Capacity['policies'][number]['limit'] {
  const held = limits.filter((limit) => limit !== null);
  return held.length === 0 || held.length < limits.length ? null : geometricInterval(held);
}

function exitCodeOf({ policies }: Capacity): number {
  if (policies.some(({ status }) => status === 'failed')) return EXIT.failed;
  return policies.some(({ limits }) => limits.length > 0) ? EXIT.ok : EXIT.notMeasured;
}
