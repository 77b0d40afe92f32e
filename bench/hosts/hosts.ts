/**
 * `npm run bench:hosts`: how often the intervals of `loopdyno merge` hold the true ratio, and how wide they are, by the
 * number of hosts. Simulated, with the spread of rounds that a saved run has. Nothing is measured.
 *
 *   --run PATH   the saved run (results/sample)
 *   --runs N     simulated runs for each line (1000)
 *   --json       the result as JSON
 *
 * The exit status is 1 if a share of intervals that hold the truth is outside 93 to 97%, for two hosts or more.
 */
import { parseArgs } from 'node:util';
import { priorsOfCells } from '../../src/analysis/estimates.js';
import { caseKey } from '../../src/documents/cases.js';
import { priorOf, ratiosTo } from '../../src/documents/observations.js';
import type { Results } from '../../src/documents/results.js';
import { plainTable } from '../../src/report/table.js';
import { heldTo } from '../../src/stats/prior-spread.js';
import { median } from '../../src/stats/quantile.js';
import { EXIT } from '../../src/studies/exit-codes.js';
import { readResults } from '../../src/studies/read-results.js';
import { printJson } from '../../src/studies/terminal.js';
import { LoopdynoError } from '../../src/text/errors.js';
import { formatEffect, formatShare } from '../../src/text/format.js';
import { UsageError } from '../../src/text/usage.js';
import { simulate, type CellSpread, type Simulated } from './simulate.js';

const HOSTS = [1, 2, 3, 5, 10];
const TAUS = [0, 0.02, 0.05];
const SEED = 1;
const HELD = { least: 0.93, most: 0.97 };

function spreadsOf(results: Results): CellSpread[] {
  const common = priorsOfCells(results).ratio;
  return results.cells.flatMap((cell) => {
    const reference = results.cells.find(
      (each) => caseKey(each) === caseKey(cell) && each.contestant.policy === results.reference,
    );
    if (reference === undefined || cell === reference) return [];
    const observed = ratiosTo(reference.rounds, cell.rounds);
    if (observed.logs.length < 2) return [];
    const { variance } = heldTo(priorOf(common, observed), observed.logs);
    return [{ deviation: Math.sqrt(variance), rounds: observed.logs.length, unit: observed.unit }];
  });
}

function render(lines: readonly Simulated[], spreads: readonly CellSpread[]): string {
  const deviations = spreads.map(({ deviation }) => deviation);
  const rows = lines.map(({ hosts, tau, of, holds, halfWidth, ...others }) => [
    String(hosts),
    formatShare(tau),
    formatEffect(holds / of),
    ...[others.holdsByOwnNoise, others.holdsByNormal].map((count) =>
      count === null ? '' : formatEffect(count / of),
    ),
    `±${formatShare(halfWidth)}`,
  ]);
  return [
    `${spreads.length} cells, whose rounds spread by ${formatShare(Math.min(...deviations))} to ` +
      `${formatShare(Math.max(...deviations))}, ${formatShare(median(deviations))} at the median; ` +
      `${lines[0]?.of ?? 0} intervals a line`,
    plainTable(
      [
        'hosts',
        'differ by',
        'hold the truth',
        'with own noise',
        'with ±1.96',
        'half width at the median',
      ],
      rows,
      0,
    ),
    '',
  ].join('\n');
}

function flagsOf(args: readonly string[]): { run: string; runs: number; json: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        run: { type: 'string', default: 'results/sample' },
        runs: { type: 'string', default: '1000' },
        json: { type: 'boolean', default: false },
      },
    });
    const runs = Number(values.runs);
    if (Number.isSafeInteger(runs) && runs > 0) return { ...values, runs };
    throw new UsageError(`--runs is a whole number from 1 on, but got '${values.runs}'`);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}

try {
  const { run, runs, json } = flagsOf(process.argv.slice(2));
  const spreads = spreadsOf(await readResults(run));
  if (spreads.length === 0) throw new UsageError(`no cell of '${run}' has a ratio of two rounds`);
  const lines = TAUS.flatMap((tau) =>
    HOSTS.map((hosts) => simulate(spreads, { hosts, tau, runs, seed: SEED })),
  );
  if (json) printJson({ spreads, lines });
  else process.stdout.write(render(lines, spreads));
  const off = lines.filter(
    ({ hosts, holds, of }) => hosts > 1 && (holds / of < HELD.least || holds / of > HELD.most),
  );
  process.exitCode = off.length === 0 ? EXIT.ok : EXIT.failed;
} catch (error) {
  if (!(error instanceof LoopdynoError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT.usage;
}
