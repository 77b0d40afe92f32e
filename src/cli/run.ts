/** `loopdyno run`: plan, duel, results, report. */
import pc from 'picocolors';
import { workloads } from '../../bench/workloads/index.js';
import { duel } from '../duel/duel.js';
import { fingerprint } from '../duel/fingerprint.js';
import {
  LIMITS,
  QUICK_BUDGET_MS,
  ROUND,
  STANDARD_BUDGET_MS,
  casesOf,
  contestantOf,
  quickCasesOf,
  type Plan,
} from '../duel/plan.js';
import { policies } from '../policies/registry.js';
import { renderConsole } from '../report/console.js';
import { ProgressLine } from '../report/progress.js';
import { createRunFolder, saveRun } from '../report/store.js';
import { assemble } from '../schema/assemble.js';
import type { Results } from '../schema/results.js';
import { serializeResults } from '../schema/serialize-results.js';
import { EXIT } from './exit-codes.js';
import { named } from './usage.js';

export interface RunFlags {
  policy?: string[];
  workload?: string[];
  quick?: boolean;
  json?: boolean;
  seed: number;
}

const REFERENCE = 'microtask';

export async function run(flags: RunFlags): Promise<number> {
  const plan = planOf(flags);
  const print = fingerprint();
  const startedAt = new Date();
  // Before measuring: a full disk is no news to get after three minutes.
  const folder = await createRunFolder('results', { startedAt, commit: print.commit });

  const interruption = listenForInterruption();
  const progress = new ProgressLine(process.stderr);
  const began = performance.now();
  const { cases, parentShare } = await duel(plan, {
    signal: interruption.signal,
    onProgress: (state) => progress.show(state),
  });
  progress.clear();
  interruption.stop();

  const results = assemble(plan, cases, {
    fingerprint: print,
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(performance.now() - began),
    command: process.argv.slice(2),
    mode: flags.quick === true ? 'quick' : 'standard',
    budgetMs: 'budgetMs' in plan.effort ? plan.effort.budgetMs : null,
    aborted: interruption.signal.aborted,
    parentShare,
  });
  await saveRun(folder, results);
  if (flags.json === true) process.stdout.write(serializeResults(results));
  else {
    const width = process.stdout.columns || 120; // 0 where the terminal does not say
    process.stdout.write(renderConsole(results, { color: pc.isColorSupported, width }));
  }
  process.stderr.write(`Saved to ${folder}/results.json and report.md\n`);
  return interruption.exitCode ?? exitCodeOf(results);
}

function planOf(flags: RunFlags): Plan {
  const chosen = <T extends { name: string }>(all: readonly T[], what: string, names?: string[]) =>
    names === undefined
      ? all
      : [...new Set(names.flatMap((name) => name.split(',')))].map((name) =>
          named(all, what, name),
        );
  const contestants = chosen(policies, 'policy', flags.policy);
  const names = contestants.map((policy) => policy.name);
  const quick = flags.quick === true;
  const cases =
    quick && flags.workload === undefined
      ? quickCasesOf(workloads)
      : casesOf(chosen(workloads, 'workload', flags.workload));
  return {
    reference: names.includes(REFERENCE) ? REFERENCE : (names[0] ?? REFERENCE),
    cases: cases.map((each) => ({
      ...each,
      contestants: contestants.map((policy) => contestantOf(policy, null)),
    })),
    effort: { budgetMs: quick ? QUICK_BUDGET_MS : STANDARD_BUDGET_MS },
    round: ROUND,
    limits: LIMITS,
    seed: flags.seed,
  };
}

function exitCodeOf({ cells }: Results): number {
  if (cells.some((cell) => cell.status === 'failed')) return EXIT.failed;
  return cells.some((cell) => cell.status === 'ok') ? EXIT.ok : EXIT.notMeasured;
}

/** The first SIGINT or SIGTERM ends the duel in good order, a second one ends us at once. */
function listenForInterruption() {
  const controller = new AbortController();
  const state = {
    signal: controller.signal,
    exitCode: null as number | null,
    stop: () => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal),
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    const code = signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
    if (controller.signal.aborted) process.exit(code);
    state.exitCode = code;
    process.stderr.write(`\n${signal}: ending the contestants and saving what was measured\n`);
    controller.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return state;
}
