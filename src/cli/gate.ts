/** `loopdyno gate`: is head slower than base? Two builds, pairs, verdicts, an exit status. */
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { casesOf } from '../duel/plan.js';
import { fingerprint } from '../duel/fingerprint.js';
import { acceptedBy } from '../gate/accepted.js';
import { buildBase } from '../gate/base-build.js';
import { openBuild, type Build } from '../gate/build.js';
import { controlCell, gateCells } from '../gate/cells.js';
import { usualChoice, type GateChoice } from '../gate/choice.js';
import { changedFiles, BaseError, commitOf, isDirty, resolveBase, topOf } from '../gate/git.js';
import { measurePairs } from '../gate/measure.js';
import { touchedBy } from '../gate/touched.js';
import { gateDocument } from '../gate/verdict.js';
import { renderGate } from '../report/gate/console.js';
import { renderAnnotations } from '../report/gate/github.js';
import { renderJunit } from '../report/gate/junit.js';
import { renderGateMarkdown } from '../report/gate/markdown.js';
import { ProgressLine } from '../report/progress.js';
import type { GateDocument } from '../schema/gate.js';
import { gateDesign } from '../stats/gate-design.js';
import { EXIT } from './exit-codes.js';
import { listenForInterruption } from './interruption.js';
import { duration, options, wholeNumber } from './options.js';
import { printJson, screen } from './print.js';
import { PAIRS, retell, selfTest } from './self-test.js';
import { UsageError, chosen } from './usage.js';

export interface GateFlags {
  base?: string;
  baseDir?: string;
  headDir?: string;
  policy?: string[];
  workload?: string[];
  minEffect?: number;
  allowance?: number;
  budget?: number;
  seed?: number;
  touched?: boolean;
  selfTest?: boolean;
  pairs?: number;
  from?: string;
  json?: boolean;
  config?: string;
  results?: string;
}

const CAP_MS = 8 * 60_000;

export function addGate(program: Command): void {
  program
    .command('gate')
    .description('is this tree slower than its base? For CI: exit status 1 when it is')
    .addOption(
      new Option(
        '--base <ref>',
        'the commit to compare with (default: where HEAD left the default branch)',
      ),
    )
    .addOption(new Option('--base-dir <folder>', 'a checkout of the base, built').conflicts('base'))
    .addOption(new Option('--head-dir <folder>', 'a checkout of the head, built (default: here)'))
    .addOption(options.policy())
    .addOption(options.workload())
    .addOption(
      new Option(
        '--min-effect <share>',
        'what is smaller is never called slower (default 3%)',
      ).argParser(share),
    )
    .addOption(
      new Option(
        '--allowance <share>',
        'a cell that could hide a larger slowdown is unresolved (default 5%)',
      ).argParser(share),
    )
    .addOption(
      new Option(
        '--budget <time>',
        'the cap: what is not certain by then is unresolved (default 8m)',
      ).argParser(duration),
    )
    .addOption(
      new Option('--touched', 'only cells that the changed files can touch; all when in doubt'),
    )
    .addOption(
      new Option(
        '--self-test',
        'how often is the gate wrong here? Takes an hour and more',
      ).conflicts(['base', 'baseDir', 'touched']),
    )
    .addOption(
      new Option(
        '--pairs <number>',
        `of the self-test: pairs of the same code, of each cell (default ${PAIRS})`,
      ).argParser(wholeNumber(2)),
    )
    .addOption(new Option('--from <file>', 'of the self-test: the rates of pairs recorded before'))
    .addOption(options.seed())
    .addOption(options.json())
    .addOption(options.config())
    .addOption(options.results())
    .action(async (flags: GateFlags) => {
      process.exitCode = await gate(flags);
    });
}

async function gate(flags: GateFlags): Promise<number> {
  const design = gateDesign({
    ...(flags.minEffect === undefined ? {} : { minEffect: flags.minEffect }),
    ...(flags.allowance === undefined ? {} : { allowance: flags.allowance }),
  });
  if (flags.from !== undefined) {
    if (flags.selfTest !== true) throw new UsageError('--from is of --self-test: add it');
    const output = join(resolve(flags.results ?? 'results'), 'gate');
    return retell(flags.from, { design, output, json: flags.json === true });
  }
  const startedAt = new Date();
  const began = performance.now();
  const folder = resolve(flags.headDir ?? '.');
  const interruption = listenForInterruption('ending the contestants and removing the worktree');
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const head = await openBuild(folder, flags.config);
  const results = resolve(flags.results ?? head.settings.results ?? 'results');
  const output = join(results, 'gate');
  await mkdir(output, { recursive: true });
  const seed = flags.seed ?? 1;
  if (flags.selfTest === true) {
    const { pairs = PAIRS, json = false } = flags;
    const choice = await choiceOf(flags, head, null, say);
    return selfTest({ build: head, choice, design, pairs, seed, output, json, interruption });
  }
  if (flags.pairs !== undefined) throw new UsageError('--pairs is of --self-test: add it');

  let against: Against;
  try {
    against = await baseOf(flags, folder, join(results, '.cache'), interruption.signal, say);
  } catch (error) {
    // What ended then was ended by us.
    if (interruption.exitCode !== null) return interruption.exitCode;
    throw error;
  }
  const base = await openBuild(against.folder, flags.config);
  const choice = await choiceOf(flags, head, against.commit, say);
  const untouched = choice.policies.length === 0 || choice.cases.length === 0;
  const { cells, oneSided } = gateCells(base, head, choice);
  const control = controlCell(head.catalogue.workloads);
  const all = cells.length === 0 || control === null ? cells : [control, ...cells];
  const progress = new ProgressLine(process.stderr);
  const accepted = await acceptedBy(base.folder, head.folder);
  const measured = await measurePairs(all, {
    design,
    seed,
    capMs: flags.budget ?? CAP_MS,
    signal: interruption.signal,
    onProgress: (state) => progress.show(state),
  });
  progress.clear();
  interruption.stop();

  const document = gateDocument(measured, {
    startedAt: startedAt.toISOString(),
    elapsedMs: Math.round(performance.now() - began),
    command: process.argv.slice(2),
    seed,
    aborted: interruption.signal.aborted,
    base: { commit: against.commit, because: against.because },
    head: { commit: await commitOf(folder, 'HEAD'), dirty: await isDirty(folder) },
    fingerprint: fingerprint(),
    design,
    accepted,
    oneSided,
    untouched,
  });
  await write(output, document);
  if (flags.json === true) printJson(document);
  else process.stdout.write(renderGate(document, screen()));
  say(`Saved to ${output}: gate.json, gate.md, junit.xml`);
  if (interruption.exitCode !== null) return interruption.exitCode;
  return exitCodeOf(document);
}

function exitCodeOf({ status }: GateDocument): number {
  if (status === 'passed') return EXIT.ok;
  return status === 'slower' ? EXIT.failed : EXIT.notMeasured;
}

interface Against {
  readonly folder: string;
  readonly commit: string | null;
  readonly because: string;
}

async function baseOf(
  { base, baseDir }: GateFlags,
  head: string,
  cache: string,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Against> {
  if (baseDir !== undefined) {
    return {
      folder: baseDir,
      commit: await commitOf(baseDir, 'HEAD'),
      because: 'the folder asked for',
    };
  }
  const { commit, because } = await resolveBase(head, base ?? null);
  const top = (await topOf(head)) ?? head;
  try {
    return { folder: await buildBase({ top, cache, commit, signal, say }), commit, because };
  } catch (error) {
    if (error instanceof BaseError && error.log !== '') say(error.log);
    throw error;
  }
}

/** What was asked for, or what is usual; of these, on request, what the changed files can touch. */
async function choiceOf(
  { policy, workload, touched: only }: GateFlags,
  { catalogue, folder }: Build,
  base: string | null,
  say: (line: string) => void,
): Promise<GateChoice> {
  const usual = usualChoice(catalogue);
  const choice: GateChoice = {
    policies:
      policy === undefined
        ? usual.policies
        : chosen(catalogue.policies, 'policy', policy).map(({ name }) => name),
    // A choice of workloads is a choice: all their cases then.
    cases:
      workload === undefined
        ? usual.cases
        : casesOf(chosen(catalogue.workloads, 'workload', workload)),
  };
  const files = only === true && base !== null ? await changedFiles(folder, base) : null;
  if (files === null) return choice;
  const touched = touchedBy(files);
  say(`Changed files touch ${touched.what}.`);
  return {
    policies: choice.policies.filter((name) => touched.policies?.has(name) ?? true),
    cases: choice.cases.filter((each) => touched.workloads?.has(each.workload.name) ?? true),
  };
}

function share(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 10) return value;
  throw new InvalidArgumentError('it takes a share of time such as 3% or 0.03');
}

async function write(output: string, document: GateDocument): Promise<void> {
  const markdown = renderGateMarkdown(document);
  await writeFile(join(output, 'gate.json'), `${JSON.stringify(document, null, 1)}\n`);
  await writeFile(join(output, 'gate.md'), markdown);
  await writeFile(join(output, 'junit.xml'), renderJunit(document));
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '') await appendFile(summary, markdown);
  // On stderr: stdout may be a JSON document. GitHub's runner reads both.
  if (process.env['GITHUB_ACTIONS'] === 'true') process.stderr.write(renderAnnotations(document));
}
