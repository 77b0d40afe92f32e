/** A plan measured with what a person sees meanwhile, and saved. */
import { duel, type DuelOptions } from '../duel/duel.js';
import { fingerprint } from '../duel/fingerprint.js';
import type { Plan } from '../duel/plan.js';
import { ProgressLine } from '../report/progress.js';
import { createRunFolder, saveRun } from '../report/store.js';
import { assemble } from '../schema/assemble.js';
import type { Results } from '../schema/results.js';
import { EXIT } from './exit-codes.js';
import { listenForInterruption } from './interruption.js';

export interface Measured<Document = Results> {
  readonly document: Document;
  readonly folder: string;
  /** What the exit status has to be; null where nobody interrupted. */
  readonly exitCode: number | null;
}

export async function measureRun(
  plan: Plan,
  root: string,
  mode: Results['mode'],
): Promise<Measured> {
  return measured(plan, root, { mode }, async (folder, document) => {
    await saveRun(folder, document);
    return document;
  });
}

/** Of what was measured to its end. */
export function exitCodeOf({ cells }: Pick<Results, 'cells'>): number {
  if (cells.some(({ status }) => status === 'failed')) return EXIT.failed;
  return cells.some(({ status }) => status === 'ok') ? EXIT.ok : EXIT.notMeasured;
}

interface How extends Pick<DuelOptions, 'choose'> {
  readonly mode: Results['mode'];
}

/** `save` writes the folder, and gives the document that the results became. */
export async function measured<Document>(
  plan: Plan,
  root: string,
  { mode, ...how }: How,
  save: (folder: string, results: Results) => Promise<Document>,
): Promise<Measured<Document>> {
  const print = fingerprint();
  const startedAt = new Date();
  // Before measuring: a full disk is no news to get after three minutes.
  const folder = await createRunFolder(root, { startedAt, commit: print.commit });

  const interruption = listenForInterruption('ending the contestants and saving what was measured');
  const progress = new ProgressLine(process.stderr);
  const began = performance.now();
  const { cases, parentShare } = await duel(plan, {
    signal: interruption.signal,
    onProgress: (state) => progress.show(state),
    ...how,
  });
  progress.clear();
  interruption.stop();

  const results = assemble(plan, cases, {
    fingerprint: print,
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(performance.now() - began),
    command: process.argv.slice(2),
    mode,
    budgetMs: 'budgetMs' in plan.effort ? plan.effort.budgetMs : null,
    aborted: interruption.signal.aborted,
    parentShare,
  });
  return { document: await save(folder, results), folder, exitCode: interruption.exitCode };
}
