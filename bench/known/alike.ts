/**
 * `npm run bench:alike`: do 95% intervals hold the truth 95% of the time? The true ratio is known to be 1 here: each
 * policy is measured beside three copies of itself, on all cases of a standard run. One run per policy, some 5 minutes
 * each.
 *
 *   --runs N        the number of runs of each policy, each with a seed of its own (1)
 *   --policy, --workload, --rounds   as for a run
 *   --json          the result as JSON
 *
 * The exit status is 1 if the share of intervals that hold 1 differs from 95% by more than chance allows.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { titleOf } from '../../src/documents/cases.js';
import type { Cell, Results } from '../../src/documents/results.js';
import { plainTable } from '../../src/report/table.js';
import { clopperPearson } from '../../src/stats/proportion.js';
import { median } from '../../src/stats/quantile.js';
import { EXIT } from '../../src/studies/exit-codes.js';
import { listenForInterruption } from '../../src/studies/interruption.js';
import { printJson } from '../../src/studies/terminal.js';
import { LoopdynoError } from '../../src/text/errors.js';
import { formatShare } from '../../src/text/format.js';
import { UsageError } from '../../src/text/usage.js';
import { POLICIES, copiesOf } from './alike.config.js';
import { standardRun } from './standard-run.js';

const CONFIG = fileURLToPath(new URL('./alike.config.js', import.meta.url));

/** The ratio of a copy to the first copy: its interval should hold 1. */
interface Interval {
  readonly policy: string;
  readonly kind: Cell['kind'];
  readonly case: string;
  readonly low: number;
  readonly high: number;
  readonly holds: boolean;
}

interface Row {
  readonly what: string;
  readonly holds: number;
  readonly of: number;
  /** The median half width, as a share. */
  readonly halfWidth: number;
}

function intervalsOf(policy: string, { cells, reference }: Results): Interval[] {
  return cells.flatMap((cell) => {
    const { ratio, kind, contestant } = cell;
    if (contestant.policy === reference || ratio?.low == null || ratio.high === null) return [];
    const { low, high } = ratio;
    return [{ policy, kind, case: titleOf(cell), low, high, holds: low <= 1 && 1 <= high }];
  });
}

function rowOf(what: string, intervals: readonly Interval[]): Row {
  return {
    what,
    holds: intervals.filter(({ holds }) => holds).length,
    of: intervals.length,
    halfWidth: Math.sqrt(median(intervals.map(({ low, high }) => high / low))) - 1,
  };
}

function rowsOf(intervals: readonly Interval[]): Row[] {
  const by = (key: 'policy' | 'kind'): Row[] =>
    [...new Set(intervals.map((each) => each[key]))].map((value) =>
      rowOf(
        value,
        intervals.filter((each) => each[key] === value),
      ),
    );
  return [...by('policy'), ...by('kind'), rowOf('all', intervals)];
}

function render(rows: readonly Row[], intervals: readonly Interval[]): string {
  const cells = rows.map(({ what, holds, of, halfWidth }) => [
    what,
    `${holds} of ${of}`,
    formatShare(holds / of),
    `±${formatShare(halfWidth)}`,
  ]);
  const missed = intervals.filter(({ holds }) => !holds);
  return [
    plainTable(['copies of the same code', 'hold 1', '', 'half width at the median'], cells, 1),
    ...missed.map(
      (each) =>
        `not 1: ${each.case}, ${each.policy}: ${each.low.toFixed(3)}–${each.high.toFixed(3)}`,
    ),
    '',
  ].join('\n');
}

function flagsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string', default: '1' },
        policy: { type: 'string', default: POLICIES.join() },
        workload: { type: 'string' },
        rounds: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const interruption = listenForInterruption('ending the run');
try {
  const values = flagsOf(process.argv.slice(2));
  const runs = Number(values.runs);
  if (!(Number.isInteger(runs) && runs > 0)) {
    throw new UsageError(`--runs is a whole number from 1 on, but got '${values.runs}'`);
  }
  const policies = values.policy.split(',');
  const unknown = policies.find((policy) => !POLICIES.some((each) => each === policy));
  if (unknown !== undefined) {
    throw new UsageError(`there is no copy of '${unknown}': there are ${POLICIES.join(', ')}`);
  }
  const given = (['workload', 'rounds'] as const).flatMap((flag) =>
    values[flag] === undefined ? [] : [`--${flag}`, values[flag]],
  );
  const intervals: Interval[] = [];
  for (let run = 1; run <= runs; run++) {
    for (const policy of policies) {
      const flags = ['--config', CONFIG, '--policy', copiesOf(policy).join(), '--seed', `${run}`];
      const results = await standardRun([...flags, ...given], interruption.signal);
      intervals.push(...intervalsOf(policy, results));
    }
  }
  if (intervals.length === 0) throw new UsageError('there is no interval: give more rounds');
  const rows = rowsOf(intervals);
  const all = rows.at(-1) as Row;
  const { low, high } = clopperPearson(all.holds, all.of);
  if (values.json) printJson({ rows, share: { low, high }, intervals });
  else process.stdout.write(render(rows, intervals));
  process.exitCode = low <= 0.95 && 0.95 <= high ? EXIT.ok : EXIT.failed;
} catch (error) {
  if (interruption.exitCode === null && !(error instanceof LoopdynoError)) throw error;
  if (interruption.exitCode === null) process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode =
    interruption.exitCode ?? (error instanceof UsageError ? EXIT.usage : EXIT.failed);
} finally {
  interruption.stop();
}
