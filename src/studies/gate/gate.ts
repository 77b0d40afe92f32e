/** Is head slower than base? Two builds, pairs, verdicts: `loopdyno gate`. */
import { appendFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { GateDocument } from '../../documents/gate.js';
import { ledgerEntry } from '../../documents/ledger.js';
import { casesOf } from '../../harness/plan.js';
import { fingerprint } from '../../system/fingerprint.js';
import { changedFiles, commitOf, isDirty } from '../../system/git.js';
import { titleOf } from '../../runtimes/command.js';
import { resolveRuntime, type Resolved } from '../../runtimes/runtime.js';
import { nodeSpec } from '../../runtimes/spec.js';
import { UsageError, chosen } from '../../text/usage.js';
import { LEDGER } from '../ledger/ledger.js';
import { EXIT } from '../exit-codes.js';
import { conduct, present, type Measuring } from '../study.js';
import { say, screen } from '../terminal.js';
import { acceptedBy } from './accepted.js';
import { inArena, type Side } from './arena.js';
import { BaseError, resolveBase } from './base.js';
import { buildBase } from './base-build.js';
import { isLoopdyno, openBuild, type Build } from './build.js';
import { checkoutOf, ofEachSide, type Checkout } from './checkout.js';
import { culpritsOf } from './culprit.js';
import { controlCell, gateCells } from './cells.js';
import { usualChoice, type GateChoice } from './choice.js';
import { foresee, lastRun, sentenceOf as foreseen } from './foresight.js';
import { gateDesign, type GateDesign } from './gate-design.js';
import { measurePairs } from './measure.js';
import { renderGate } from './render/console.js';
import { renderAnnotations } from './render/github.js';
import { renderJunit } from './render/junit.js';
import { renderGateMarkdown } from './render/markdown.js';
import { PAIRS, retell, selfTest } from './self-test.js';
import { touchedBy, touchedInProject } from './touched.js';
import { gateDocument } from './verdict.js';

export interface GateFlags {
  base?: string;
  baseDir?: string;
  headDir?: string;
  /** Versions of Node: the same code, if no base is named. */
  baseNode?: string;
  headNode?: string;
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

export async function gate(flags: GateFlags): Promise<number> {
  const design = gateDesign({
    ...(flags.minEffect === undefined ? {} : { minEffect: flags.minEffect }),
    ...(flags.allowance === undefined ? {} : { allowance: flags.allowance }),
  });
  const { json = false, seed = 1, pairs } = flags;
  if (flags.from !== undefined) {
    if (flags.selfTest !== true) throw new UsageError('--from is of --self-test: add it');
    const output = join(resolve(flags.results ?? 'results'), 'gate');
    return retell(flags.from, { design, output, json });
  }
  if (pairs !== undefined && flags.selfTest !== true) {
    throw new UsageError('--pairs is of --self-test: add it');
  }
  const head = await openBuild(resolve(flags.headDir ?? '.'), flags.config);
  const results = resolve(flags.results ?? head.settings.results ?? 'results');
  const output = join(results, 'gate');
  if (flags.selfTest === true) {
    const choice = await choiceOf(flags, head, null);
    const cache = join(results, '.cache');
    const { config } = flags;
    const given = {
      build: head,
      config: ofEachSide(await checkoutOf(head.folder), config),
      choice,
      design,
      pairs: pairs ?? PAIRS,
      seed,
    };
    return selfTest({ ...given, cache, output, json });
  }
  const conducted = await conduct({
    place: { folder: output },
    onInterrupt: 'ending the contestants and removing the checkout of the base',
    measure: (measuring) => measure(flags, head, { design, seed, results, output, measuring }),
    document: ({ measured, ...facts }, study) =>
      gateDocument(measured, { ...facts, ...study, seed, design }),
    files: async (document) => ({
      'gate.json': `${JSON.stringify(document, null, 1)}\n`,
      'gate.md': renderGateMarkdown(document),
      'junit.xml': renderJunit(document),
    }),
  });
  await enterInLedger(conducted.document, output);
  await tellGithub(conducted.document);
  return present(conducted, {
    json,
    render: (document) => renderGate(document, screen()),
    files: ['gate.json', 'gate.md', 'junit.xml'],
    exitCode: exitCodeOf,
  });
}

interface Setting {
  readonly design: GateDesign;
  readonly seed: number;
  readonly results: string;
  readonly output: string;
  readonly measuring: Measuring;
}

/** Finds and builds the base, and measures it against the head. */
async function measure(
  flags: GateFlags,
  head: Build,
  { design, seed, results, output, measuring }: Setting,
) {
  const here = await checkoutOf(head.folder);
  const runtimes = await runtimesOf(flags);
  const against = await baseOf(flags, here, join(results, '.cache'), measuring.signal);
  const choice = await choiceOf(flags, head, against.commit);
  const accepted = await acceptedBy(against.checkout.folder, head.folder);
  const capMs = flags.budget ?? CAP_MS;
  const sides = { base: against.checkout, head: here };
  const config = ofEachSide(here, flags.config);
  return inArena(join(results, '.cache'), sides, { seed, config }, async (raced) => {
    const { cells, oneSided } = gateCells(raced.base, raced.head, choice, raced.arena, runtimes);
    const control = controlCell(head.catalogue.workloads);
    const all = cells.length === 0 || control === null ? cells : [control, ...cells];
    const { arena } = raced;
    const last = await lastRun(output, fingerprint());
    if (last !== null) say(foreseen(foresee(last, cells, { design, capMs, seed }), design));
    const measured = await measurePairs(all, { design, seed, capMs, arena, ...measuring });
    const { signal } = measuring;
    const folder = join(output, 'profiles');
    return {
      measured,
      culprits: await culpritsOf(measured, { design, seed, folder, signal, say }),
      base: { commit: against.commit, because: `${against.because}${nodesOf(runtimes)}` },
      head: { commit: await commitOf(head.folder, 'HEAD'), dirty: await isDirty(head.folder) },
      accepted,
      oneSided,
      untouched: choice.policies.length === 0 || choice.cases.length === 0,
    };
  });
}

function exitCodeOf({ status }: GateDocument): number {
  if (status === 'passed') return EXIT.ok;
  return status === 'slower' ? EXIT.failed : EXIT.notMeasured;
}

/** The Nodes that base and head run on; null for this one. */
async function runtimesOf({
  baseNode,
  headNode,
}: GateFlags): Promise<Record<Side, Resolved | null>> {
  const found = async (name: string | undefined): Promise<Resolved | null> => {
    if (name === undefined) return null;
    const resolved = await resolveRuntime(nodeSpec(name));
    if (resolved.ok) return resolved;
    throw new UsageError(
      `${resolved.reason}: \`loopdyno runtimes --install node@${name}\` fetches it`,
    );
  };
  return { base: await found(baseNode), head: await found(headNode) };
}

function nodesOf({ base, head }: Record<Side, Resolved | null>): string {
  if (base === null && head === null) return '';
  const title = (resolved: Resolved | null): string =>
    resolved?.ok === true ? titleOf(resolved.runtime) : `Node ${process.version.slice(1)}`;
  return `; ${title(head)} against ${title(base)}`;
}

interface Against {
  readonly checkout: Checkout;
  readonly commit: string | null;
  readonly because: string;
}

async function baseOf(
  { base: asked, baseDir, baseNode, headNode }: GateFlags,
  head: Checkout,
  cache: string,
  signal: AbortSignal,
): Promise<Against> {
  if (baseDir !== undefined) {
    return {
      checkout: await checkoutOf(baseDir),
      commit: await commitOf(baseDir, 'HEAD'),
      because: 'the folder asked for',
    };
  }
  // Two Nodes are compared on the same code, where no other is named.
  const base = asked ?? ((baseNode ?? headNode) ? 'HEAD' : null);
  const { commit, because } = await resolveBase(head.folder, base);
  try {
    return { checkout: await buildBase({ head, cache, commit, signal, say }), commit, because };
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
    idlePools: policy !== undefined || workload !== undefined,
  };
  if (only !== true || base === null) return choice;
  const files = await changedFiles(folder, base);
  if (files === null) {
    say('Git cannot tell which files have changed: all cells are gated.');
    return choice;
  }
  const touched = isLoopdyno(folder) ? touchedBy(files) : touchedInProject(files);
  say(`Changed files touch ${touched.what}.`);
  return {
    ...choice,
    policies: choice.policies.filter((name) => touched.policies?.has(name) ?? true),
    cases: choice.cases.filter((each) => touched.workloads?.has(each.workload.name) ?? true),
  };
}

/** A line for this run: see `loopdyno ledger`. */
async function enterInLedger(document: GateDocument, folder: string): Promise<void> {
  const entry = ledgerEntry(document);
  if (entry !== null) await appendFile(join(folder, LEDGER), `${JSON.stringify(entry)}\n`);
}

/** A job of GitHub's has a summary, and annotations that its runner reads from either stream. */
async function tellGithub(document: GateDocument): Promise<void> {
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '') {
    await appendFile(summary, renderGateMarkdown(document));
  }
  // On stderr: stdout may be a JSON document.
  if (process.env['GITHUB_ACTIONS'] === 'true') process.stderr.write(renderAnnotations(document));
}
