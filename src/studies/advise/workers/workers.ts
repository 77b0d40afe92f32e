/** `loopdyno advise ./resize.ts#resize`: do worker threads pay for a function of the user, and from when on? */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workloadsIn } from '../../../catalogue/workload-file.js';
import { compileConfig, isTypeScript } from '../../../config/compile.js';
import { importModule } from '../../../config/import.js';
import { functionSubject, type FunctionFlags } from '../../race/function-subject.js';
import { lookedAt } from '../../race/look.js';
import { exitCodeOf } from '../../run/run.js';
import { isFile } from '../../subject.js';
import { printJson, screen } from '../../terminal.js';
import { answerOf } from './answer.js';
import { measurePlaces } from './measure.js';
import { renderWorkers } from './render.js';
import { sentenceOf } from './sentence.js';

export interface WorkersFlags extends FunctionFlags {
  /** Calls that arrive a second, while the main thread is looked at. */
  rate?: number;
  budget?: number;
  seed?: number;
  json?: boolean;
  results?: string;
}

/** In ms; what it takes to start and to report comes on top. */
const BUDGET_MS = 80_000;

export async function adviseWorkers(asked: string, flags: WorkersFlags): Promise<number> {
  // Enough for each thread to have a call ahead.
  const { concurrency = Math.max(4, 2 * availableParallelism()) } = flags;
  const subject = functionSubject(asked, { ...flags, concurrency });
  const measured = await measurePlaces(subject, {
    budgetMs: flags.budget ?? BUDGET_MS,
    seed: flags.seed ?? 1,
    rate: flags.rate ?? null,
    root: flags.results ?? 'results',
  });
  const answer = answerOf(asked, measured);
  const sentence = sentenceOf(answer);
  const { folders, interrupted, closed } = measured;
  if (flags.json === true) printJson({ sentence, ...answer, results: folders });
  else process.stdout.write(renderWorkers(answer, sentence, screen()));
  process.stderr.write(`The rounds, and how they were measured: ${folders.join(', ')}\n`);
  return interrupted ?? exitCodeOf(closed);
}

/** Whether that names a function, and not a workload. What fails here is said by whoever measures it. */
export async function namesFunction(asked: string): Promise<boolean> {
  const [path = '', name] = asked.split('#', 2);
  const file = resolve(path);
  if (name === undefined || !isFile(asked) || !existsSync(file)) return false;
  const module = isTypeScript(file) ? await compileConfig(file) : pathToFileURL(file);
  return lookedAt(async () => {
    try {
      const exported = await importModule(module.href);
      const own = exported['default'] as Record<string, unknown> | undefined;
      if (typeof (exported[name] ?? own?.[name]) === 'function') return true;
      return (await workloadsIn(module.href)).length === 0;
    } catch {
      return true;
    }
  });
}
