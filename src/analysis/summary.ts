/**
 * A run in some sentences, one for each contestant over all cases, before anybody reads a table:
 *
 *   uv: 1.34× microtask in echo (1 KiB); no difference larger than 9% in primes, json; not resolved in timers.
 *   Starvation: while deferred runs under microtask, a timer is 16.4 ms late (99th percentile); under uv 0.85 ms.
 *
 * With a single case there is none: its own sentence says as much.
 */
import { casesOf, outcomeOf } from '../documents/cases.js';
import type { Cell, Results } from '../documents/results.js';
import { differs, formatBound, formatDuration, formatParams, formatRatio } from '../text/format.js';
import { boundOf, isLevel } from './sentences.js';

/** They contain names from outside: a reporter must make them safe to print. */
export function summaryOf({
  cells,
  reference,
}: Pick<Results, 'cells' | 'reference'>): Results['summary'] {
  if (casesOf({ cells }).length < 2) return [];
  const names = [...new Set(cells.map(({ contestant }) => contestant.policy))];
  const others = names.filter((name) => name !== reference);
  return [
    ...others.map((name) => {
      const own = cells.filter(({ contestant }) => contestant.policy === name);
      return { label: name, text: `${clausesOf(own, reference).join('; ')}.` };
    }),
    ...starvation(cells),
  ];
}

function clausesOf(cells: readonly Cell[], reference: string): string[] {
  const told = cells.filter((cell) => outcomeOf(cell) === null);
  const ratios = told.flatMap(({ ratio, ...cell }) =>
    ratio === null ? [] : [{ ratio, title: briefly(cell) }],
  );
  const listed = (some: typeof ratios): string =>
    some
      .map(({ ratio, title }) => `${formatRatio(ratio).point} in ${title}`)
      .join(', ')
      .replace('×', () => `× ${reference}`);
  const sorted = ratios.toSorted((a, b) => b.ratio.point - a.ratio.point);
  const faster = sorted.filter(({ ratio }) => differs(ratio) && ratio.point > 1);
  const slower = sorted.filter(({ ratio }) => differs(ratio) && ratio.point < 1).toReversed();
  const level = ratios.filter(({ ratio }) => isLevel(ratio));
  const open = ratios.filter(({ ratio }) => !differs(ratio) && !isLevel(ratio));
  const bound = Math.max(...level.map(({ ratio }) => boundOf(ratio)));
  const clauses = [
    faster.length === 0 ? '' : listed(faster),
    slower.length === 0 ? '' : listed(slower),
    level.length === 0 ? '' : `no difference larger than ${formatBound(bound)} in ${titles(level)}`,
    open.length === 0 ? '' : `not resolved in ${titles(open)}`,
    ...(['failed', 'unavailable', 'aborted'] as const).map((status) => {
      const some = cells.filter((cell) => cell.status === status && outcomeOf(cell) !== null);
      if (some.length === 0) return '';
      const all = some.length === cells.length;
      return `${status}${all ? '' : ` in ${some.map(briefly).join(', ')}`}`;
    }),
  ].filter((clause) => clause !== '');
  return clauses.length === 0 ? ['nothing was measured'] : clauses;
}

function titles(some: readonly { readonly title: string }[]): string {
  return some.map(({ title }) => title).join(', ');
}

/** A case within a list, such as `echo (1 KiB)`. */
function briefly({ workload, params }: Pick<Cell, 'workload' | 'params'>): string {
  const text = formatParams(params);
  return text === '' ? workload : `${workload} (${text})`;
}

/** A timer this late is a delay that people notice in a service, in ms; and the factor by which another does better. */
const LATE = { ms: 5, times: 4 };

/** Of the case in which one contestant holds its loop longest, and another does not. */
function starvation(cells: readonly Cell[]): Results['summary'] {
  const found = casesOf({ cells }).flatMap((group) => {
    const told = group.cells.flatMap((cell) => {
      if (outcomeOf(cell) !== null || cell.lag === null) return [];
      return [{ policy: cell.contestant.policy, ms: cell.lag.p99, title: briefly(cell) }];
    });
    const [best, ...rest] = told.toSorted((a, b) => a.ms - b.ms);
    const worst = rest.at(-1);
    if (best === undefined || worst === undefined) return [];
    return worst.ms >= LATE.ms && worst.ms >= LATE.times * best.ms ? [{ best, worst }] : [];
  });
  const [most] = found.toSorted((a, b) => b.worst.ms - a.worst.ms);
  if (most === undefined) return [];
  const { best, worst } = most;
  return [
    {
      label: 'Starvation',
      text:
        `while ${worst.title} runs under ${worst.policy}, a timer is ${formatDuration(worst.ms)} late ` +
        `(99th percentile); under ${best.policy} ${formatDuration(best.ms)}.`,
    },
  ];
}
