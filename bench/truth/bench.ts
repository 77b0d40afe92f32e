/**
 * `npm run bench:truth`: is what a run says true? Each cell of a run beside a bare program: the same policy and the
 * same job or server, written by hand, with none of the harness in its process, and measured from outside.
 *
 *   driver (this)                  contestants' core            fixtures' core
 *   ── results.json of a run
 *   ── "1000" ───────────────────▶ bare program ◀── work ─────▶ fixture (server, client, files)
 *      clock ◀── lead, goal ──────   works alone, 0.25 s
 *      /proc/…/schedstat ─────────   all threads and children
 *   ── "1000" ───────────────────▶ the next bare program …
 *
 * What is measured differs from a run in all that could make a run wrong: a program has no module, timer, histogram,
 * profiler or allocator setting of the harness, is warm for seconds and not for a fraction of one, works in turns of
 * 250 ms and not of 50, and is timed by somebody else. Where both agree, none of these matters.
 *
 * The speed of a shared machine drifts within minutes. Ratios are of turns side by side and do not mind; CPU per job
 * does. `--near` has a run of each workload right before its bare programs instead of one run of all in the beginning.
 *
 *   --results FILE|FOLDER   of this run, instead of one that is started now
 *   --near                  a run for each workload, next to its bare programs
 *   --workload, --policy    only these, with commas between; the reference is always among them
 *   --repetitions N         fresh processes so many times (2);  --quick: once
 *   --turns N, --turn-ms MS, --warm-up MS   of each program (12; 250; 3000, and 4000 with IO)
 *   --json                  the same as JSON
 *
 * The exit status is 1 where an aim is missed, a bare program failed, or a cell could not be compared.
 */
import { EXIT } from '../../src/studies/exit-codes.js';
import { listenForInterruption } from '../../src/studies/interruption.js';
import { readResults } from '../../src/studies/read-results.js';
import { printJson } from '../../src/studies/terminal.js';
import { LoopdynoError } from '../../src/text/errors.js';
import { UsageError } from '../../src/text/usage.js';
import { compare, isTrue } from './compare.js';
import { bareCells, waitedShare } from './estimates.js';
import { cellsOf, measureBare, type Measured } from './measure-all.js';
import { optionsOf, type Options } from './options.js';
import { render } from './render.js';
import { standardRun } from '../known/standard-run.js';

/** Of a run of one workload: a ratio of fewer is too vague to compare. */
const NEAR_ROUNDS = '4';

async function measure(options: Options, signal: AbortSignal): Promise<Measured[]> {
  const { results, near, workloads, policies } = options;
  if (results !== null) return [await measureBare(await readResults(results), options, signal)];
  // A run's own reference is the first policy that is named, or `microtask` if that is among them.
  const flags =
    policies === null ? [] : ['--policy', [...new Set(['microtask', ...policies])].join()];
  if (!near) {
    if (workloads !== null) flags.push('--workload', workloads.join());
    return [await measureBare(await standardRun(flags, signal), options, signal)];
  }
  const measured: Measured[] = [];
  for (const { name } of options.all) {
    const run = await standardRun(['--workload', name, '--rounds', NEAR_ROUNDS, ...flags], signal);
    measured.push(await measureBare(run, options, signal));
  }
  return measured;
}

async function main(options: Options, signal: AbortSignal): Promise<number> {
  if (process.platform !== 'linux') {
    throw new UsageError('bench:truth runs on Linux: it reads CPU time from /proc');
  }
  const measured = await measure(options, signal);
  const failures = measured.flatMap((each) => each.failures);
  const [first] = measured;
  const reference = first?.results.reference ?? '';
  const cells = measured.flatMap(({ results }) => cellsOf(results, options));
  const cases = measured.flatMap((each) => each.cases);
  if (cases.length + failures.length === 0) {
    throw new UsageError('the run has no cell of these workloads and policies');
  }
  const comparison = compare(cells, bareCells(cases, reference), reference);
  const waited = waitedShare(cases);
  if (options.json) printJson({ reference, ...options.effort, ...comparison, waited, failures });
  else process.stdout.write(render(comparison, waited));
  for (const failure of failures) process.stderr.write(`failed: ${failure}\n`);
  for (const line of comparison.missing) process.stderr.write(`not compared: ${line}\n`);
  return failures.length === 0 && isTrue(comparison) ? EXIT.ok : EXIT.failed;
}

const interruption = listenForInterruption('ending the bare programs');
try {
  const options = optionsOf(process.argv.slice(2));
  process.exitCode = await main(options, interruption.signal);
} catch (error) {
  if (interruption.exitCode === null && !(error instanceof LoopdynoError)) throw error;
  if (interruption.exitCode === null) process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode =
    interruption.exitCode ?? (error instanceof UsageError ? EXIT.usage : EXIT.failed);
} finally {
  interruption.stop();
}
