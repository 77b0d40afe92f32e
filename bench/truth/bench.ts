/**
 * `npm run bench:truth`: are the figures of a run true? Each cell of a run is compared with a bare program: the same
 * policy and the same job or server, written by hand, without the harness in its process, and measured from outside.
 *
 *   contestants of the run       ▓▓▓▓      ▓▓▓▓      ▓▓▓▓         a block of their turns each, as in any run
 *   bare programs           ████      ████      ████      ████    a turn of each, 0.2 s
 *
 *   driver (this)                  contestants' core            fixtures' core
 *   ── "1000" ───────────────────▶ bare program ◀── work ─────▶ fixture (server, client, files)
 *      clock ◀── lead, goal ──────   works alone
 *      /proc/…/schedstat ─────────   all threads and children
 *
 * The bare program differs from a contestant in everything that could make a run wrong: it has no module, timer,
 * histogram, profiler or allocator setting of the harness, it is warm for seconds and not for a second, works in turns
 * of 200 ms, and is timed by another process. If both agree, none of these matters. As they work in turn, both see the
 * same machine, whatever its speed does.
 *
 *   --workload, --policy    only these, separated by commas; default: every case of every workload
 *   --runtime node@26,bun   on these, too: contestants and bare programs of theirs
 *   --rounds N              the most rounds of fresh processes of a case (6). Each case gets two, and further ones as
 *                           long as a verdict of it is open; one gives no interval, and nothing is sure
 *   --blocks N, --turn-ms MS, --warm-up MS, --seed N   (12; 200; 3000, and 4000 with IO; 1)
 *   --json                  the result as JSON
 *
 * The exit status is 1 if an aim is missed, or if a cell could not be compared.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, cellsOf } from '../../src/analysis/assemble.js';
import { catalogueOf } from '../../src/catalogue/catalogue.js';
import type { Project } from '../../src/catalogue/project.js';
import { caseKey } from '../../src/documents/cases.js';
import type { Results } from '../../src/documents/results.js';
import type { CaseOutcome } from '../../src/harness/case-run.js';
import { measureCases } from '../../src/harness/measure.js';
import { LEAST_ROUNDS } from '../../src/harness/next-round.js';
import type { Plan } from '../../src/harness/plan.js';
import { starterOf } from '../../src/runtimes/command.js';
import { EXIT } from '../../src/studies/exit-codes.js';
import { InterruptedError } from '../../src/studies/interruption.js';
import { planRun } from '../../src/studies/plan.js';
import { withRuntimes } from '../../src/studies/runtimes/chosen.js';
import { runFiles } from '../../src/studies/run/files.js';
import { conduct } from '../../src/studies/study.js';
import { printJson } from '../../src/studies/terminal.js';
import { LoopdynoError } from '../../src/text/errors.js';
import { UsageError } from '../../src/text/usage.js';
import { BarePrograms, type BareRound } from './bare.js';
import { compare, isTrue, openCases } from './compare.js';
import { bareCells, waitedShare } from './estimates.js';
import { optionsOf, type Options } from './options.js';
import { render } from './render.js';
import type { Starter } from './running.js';

async function projectOf({ runtime }: Options): Promise<Project> {
  const plain = { ...(await catalogueOf(null)), settings: {}, file: null, config: null };
  return withRuntimes(plain, runtime === undefined ? {} : { runtime });
}

function planOf(project: Project, options: Options): Plan {
  const { workload, policy, rounds, blocks, seed } = options;
  // The reference is always among them.
  const named = policy && [...new Set(['microtask', ...policy])];
  const plan = planRun(project, {
    rounds,
    seed,
    ...(workload ? { workload } : { all: true }),
    ...(named && { policy: named }),
  });
  return { ...plan, round: { ...plan.round, blocks } };
}

/** Bare programs of those that are available: one that could not start would take its case with it. */
async function startersOf({ cases }: Plan, { runtimes = [] }: Project): Promise<Starter[]> {
  const contestants = new Map(
    cases.flatMap((planned) => planned.contestants).map((each) => [each.name, each]),
  );
  const found = await Promise.all(
    [...contestants.values()].map(async (contestant) => {
      const { name, policy } = contestant;
      if (!(await contestant.find()).ok) return [];
      const runtime = runtimes.find(
        (each) => each.ok && name === `${policy}@${each.runtime.label}`,
      );
      const command = runtime?.ok === true ? starterOf(runtime.runtime) : [process.execPath];
      return [{ name, policy, command }];
    }),
  );
  return found.flat();
}

interface Measured {
  readonly results: Results;
  readonly bare: readonly BareRound[];
  readonly interrupted: number | null;
}

/** The next case: of those with too few rounds or an open verdict, the one with the fewest rounds. */
function untilDecided(plan: Plan, most: number, bare: readonly BareRound[]) {
  return (cases: readonly CaseOutcome[]): number | null => {
    const cells = cellsOf(plan, cases);
    const open = openCases(compare(cells, bareCells(cells, bare, plan.reference), plan.reference));
    const due = cases
      .map(({ workload, params, contestants }, at) => {
        const rounds = Math.max(0, ...contestants.map((each) => each.rounds.length));
        const isOpen = open.has(caseKey({ workload: workload.name, params }));
        const works = contestants.some(({ status }) => status === 'ok');
        return { at, rounds, wanted: works && (rounds < LEAST_ROUNDS || isOpen) };
      })
      .filter(({ rounds, wanted }) => wanted && rounds < most);
    return due.toSorted((a, b) => a.rounds - b.rounds)[0]?.at ?? null;
  };
}

/** Measures as a run does, with bare programs between its blocks. */
async function measure(
  plan: Plan,
  starters: readonly Starter[],
  { turnMs, warmMs, seed, rounds }: Options,
): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'loopdyno-truth-'));
  let bare: readonly BareRound[] = [];
  try {
    const { document, interrupted } = await conduct({
      place: { folder },
      onInterrupt: 'ending the contestants and the bare programs',
      measure: (measuring) => {
        const beside = new BarePrograms({ starters, turnMs, warmMs, seed, ...measuring });
        bare = beside.rounds;
        const choose = untilDecided(plan, rounds, beside.rounds);
        return measureCases(plan, { ...measuring, beside, choose });
      },
      document: (measured, facts) => assemble(plan, measured, { ...facts, mode: 'standard' }),
      files: runFiles,
    });
    return { results: document, bare, interrupted };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function main(options: Options): Promise<number> {
  if (process.platform !== 'linux') {
    throw new UsageError('bench:truth runs on Linux: it reads CPU time from /proc');
  }
  const project = await projectOf(options);
  const plan = planOf(project, options);
  const starters = await startersOf(plan, project);
  const { results, bare, interrupted } = await measure(plan, starters, options);
  if (interrupted !== null) return interrupted;
  const { cells, reference, noise } = results;
  const comparison = compare(cells, bareCells(cells, bare, reference), reference);
  const waited = waitedShare(bare);
  if (options.json) printJson({ reference, ...comparison, waited, noise });
  else process.stdout.write(render(comparison, waited));
  for (const line of comparison.missing) process.stderr.write(`not compared: ${line}\n`);
  return isTrue(comparison) ? EXIT.ok : EXIT.failed;
}

try {
  process.exitCode = await main(optionsOf(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof LoopdynoError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode =
    error instanceof InterruptedError
      ? error.exitCode
      : error instanceof UsageError
        ? EXIT.usage
        : EXIT.failed;
}
