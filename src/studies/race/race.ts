/**
 * `loopdyno race`: a program of the user as it is, against itself with one thing swapped.
 *
 *   --vary ─▶ variants ─▶ sides: runtimes and trees found ─▶ one case, the variants its contestants
 *                                                              └ measured, judged and shown as a run is
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { assemble } from '../../analysis/assemble.js';
import type { Race } from '../../documents/results.js';
import { measureCases, type MeasuredCases } from '../../harness/measure.js';
import { PLAIN, PRECISION, sameWarmUp, type Effort, type Plan } from '../../harness/plan.js';
import { commitOf } from '../../system/git.js';
import { endMarked } from '../../system/marked.js';
import { printResults } from '../print-results.js';
import type { Reporter } from '../reporters.js';
import { LIMITS } from '../plan.js';
import { exitCodeOf } from '../run/run.js';
import { runFiles } from '../run/files.js';
import { conduct, savedText, type Measuring } from '../study.js';
import { say } from '../terminal.js';
import { prepareBenches } from './bench-files.js';
import { prepareCommand } from './command.js';
import { prepareFunction } from './function.js';
import { removeModules } from './function-modules.js';
import type { Prepared, Preparing } from './prepared.js';
import { prepareServer } from './server.js';
import { settingsOf, sidesOf, type Settings, type Side } from './sides.js';
import { raceSubject, type RaceSubject, type SubjectFlags } from './subject.js';
import { openTrees, type Trees } from './trees.js';
import { variantsOf, variationsOf, type Variation } from './vary.js';

export interface RaceFlags extends SubjectFlags {
  vary?: string[];
  /** A revision that is the reference: `tree=REVISION,.`. */
  anchor?: string;
  install?: boolean;
  budget?: number;
  rounds?: number;
  precision?: number;
  warmUp?: number;
  seed?: number;
  format?: string[];
  json?: boolean;
  results?: string;
}

const BUDGET_MS = 120_000;
/** Of bench files, which have a case for each benchmark. */
const BENCHES_BUDGET_MS = 240_000;
/** Rounds of a race before it may be known well enough: of a single case, few rounds may be alike by chance. */
const LEAST = 5;

export async function race(asked: string, flags: RaceFlags): Promise<number> {
  const { anchor, vary = [] } = flags;
  const variations = variationsOf(anchor === undefined ? vary : [`tree=${anchor},.`, ...vary]);
  const settings = variantsOf(variations).map(settingsOf);
  const subject = raceSubject(asked, flags, variations);
  const root = resolve(flags.results ?? 'results');
  const anchored = anchor === undefined ? null : await commitOf(process.cwd(), anchor);
  const { document, folder, interrupted } = await conduct({
    place: { root },
    measure: (measuring) => measure(subject, { variations, settings, flags, root, measuring }),
    document: ({ plan, measured, prepared }, facts) =>
      assemble(plan, measured, {
        ...facts,
        mode: 'standard',
        race: {
          ...raceOf(subject, variations, prepared),
          ...(anchored !== null && { anchor: anchored }),
        },
      }),
    files: runFiles,
  });
  const formats: Reporter[] =
    flags.json === true ? ['json'] : ((flags.format as Reporter[] | undefined) ?? ['console']);
  printResults(document, formats);
  process.stderr.write(savedText(folder, ['results.json', 'report.md', 'report.html']));
  return interrupted ?? exitCodeOf(document);
}

interface Setting {
  readonly variations: readonly Variation[];
  readonly settings: readonly Settings[];
  readonly flags: RaceFlags;
  readonly root: string;
  readonly measuring: Measuring;
}

async function measure(
  subject: RaceSubject,
  { variations, settings, flags, root, measuring }: Setting,
) {
  const { seed = 1, install = false } = flags;
  const { signal } = measuring;
  const scratch = await mkdtemp(join(tmpdir(), 'loopdyno-race-'));
  const values = variations.find(({ key }) => key === 'tree')?.values ?? [];
  let [trees, sides]: [Trees | null, readonly Side[]] = [null, []];
  try {
    const cache = join(root, '.cache');
    trees = await openTrees(process.cwd(), values, { cache, seed, signal, say });
    sides = await sidesOf(settings, variations, trees, install);
    const prepared = await prepare(subject, { sides, scratch, seed });
    const plan = planOf(prepared, flags, sides[0]?.name ?? '');
    const measured = await measureCases(plan, {
      ...measuring,
      ...(prepared.openCase && { openCase: prepared.openCase }),
    });
    explain(prepared, plan.reference, measured);
    return { plan, measured, prepared };
  } finally {
    endMarked(basename(scratch));
    await removeModules(sides, scratch);
    await trees?.arena?.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function prepare(subject: RaceSubject, preparing: Preparing): Promise<Prepared> {
  switch (subject.kind) {
    case 'function':
      return prepareFunction(subject, preparing);
    case 'server':
      return prepareServer(subject, preparing);
    case 'command':
      return prepareCommand(subject, preparing);
    case 'benches':
      return prepareBenches(subject, preparing);
  }
}

function planOf(
  { planned, round }: Prepared,
  { budget, rounds, precision = PRECISION, warmUp, seed = 1, ready = 0 }: RaceFlags,
  reference: string,
): Plan {
  const effort: Effort =
    rounds === undefined
      ? {
          budgetMs: budget ?? (planned.length > 1 ? BENCHES_BUDGET_MS : BUDGET_MS),
          precision,
          least: LEAST,
        }
      : { rounds };
  const { warm } = round;
  const warmed = { ...warm, learnMs: warmUp ?? 0, leastMs: warmUp ?? 0 };
  return {
    reference,
    cases: planned,
    effort,
    round:
      warmUp === undefined
        ? round
        : sameWarmUp({ ...warmed, mostMs: Math.max(warmUp, warm.mostMs) }, round),
    // It verifies what it answers after it is ready.
    limits: { ...LIMITS, openMs: LIMITS.openMs + ready },
    launch: PLAIN,
    seed,
  };
}

/** Reasons in the words of the program's owner. */
function explain({ difference }: Prepared, reference: string, { cases }: MeasuredCases): void {
  for (const outcome of cases.flatMap(({ contestants }) => contestants)) {
    if (outcome.otherWork) {
      // It has a digest to say so; here it is said where it differs.
      const where = difference(reference, outcome.contestant.name);
      if (where !== null) outcome.reason = `answers differently: ${where}, as ${reference} does`;
    } else if (outcome.reason !== null && OF_A_BROWSER.test(outcome.reason)) {
      outcome.reason +=
        ': only browsers have it; load something in its place first, such as jsdom, with ' +
        '--vary node-flags=--import=./dom.mjs';
    }
  }
}

const OF_A_BROWSER = /\b(document|window|navigator|localStorage|HTMLElement) is not defined/;

function raceOf(
  { kind, name }: RaceSubject,
  variations: readonly Variation[],
  { unit, ignored }: Prepared,
): Race {
  return {
    subject: name,
    kind,
    unit,
    vary: variations.map(({ key, values }) => ({ key, values: [...values] })),
    ignored: [...ignored],
  };
}
