/**
 * A run as a short text for a language model, or anybody who wants no tables: verdicts with their intervals, the
 * conditions, and what to do next. It has at most 4,000 tokens, however large the run: counted as letters, of which a
 * token has 2.25 even in a text of figures. Cases with a difference, or a failure, come first; the rest is counted.
 */
import type { Cell, Results } from '../documents/results.js';
import { casesOf, outcomeOf, saysOf, type CaseGroup } from '../documents/cases.js';
import { cleanText } from '../text/clean.js';
import { factsOf, isAveraged } from './about.js';
import { columnsOf, headsOf, withInterval } from './columns.js';

const MOST_LETTERS = 9000;
const LONGEST_LINE = 400;
/** Of these, what is on the machine and the run. */
const CONDITIONS = ['Machine', 'Hosts', 'Node', 'Programs', 'Run', 'Race', 'Load', 'Measured'];

export function renderLlm(results: Results): string {
  const head = [
    'loopdyno: contestants measured against each other in turns, answers compared, 95% intervals over fresh processes.',
    `Ratios are rates over those of ${lineOf(results.reference)}: above 1 is faster. A difference is claimed only where the interval leaves out 1.`,
    ...results.warnings.map(({ label, text }) => `warning: ${lineOf(`${label}: ${text}`)}`),
  ];
  const conditions = factsOf(results)
    .filter(({ label }) => CONDITIONS.includes(label))
    .map(({ label, text }) => `- ${label}: ${lineOf(text)}`);
  const tail = [
    '',
    'conditions:',
    ...conditions,
    ...(results.noise === null ? [] : [`- noise: ${lineOf(results.noise.sentence)}`]),
    '',
    'next:',
    ...nextSteps(results).map((step) => `- ${lineOf(step)}`),
  ];
  const groups = casesOf(results).toSorted((a, b) => importance(b) - importance(a));
  const room = MOST_LETTERS - lengthOf([...head, ...tail]);
  const { lines, left } = fitting(
    groups.map((group) => caseLines(group, results)),
    room,
  );
  const more = left === 0 ? [] : ['', `${left} more cases are in results.json.`];
  return [...head, ...lines, ...more, ...tail, ''].join('\n');
}

function caseLines(group: CaseGroup, results: Results): string[] {
  const { sentence, remarks } = saysOf(results, group);
  const columns = columnsOf(results).filter(({ main }) => main === true);
  const heads = headsOf(columns).map((head) => lineOf(head));
  return [
    '',
    `case: ${lineOf(group.title)}`,
    `verdict: ${lineOf(sentence)}`,
    `rows: contestant | verdict | ${heads.join(' | ')}`,
    ...group.cells.map((cell) => {
      const name = lineOf(cell.contestant.policy, 60);
      const outcome = outcomeOf(cell);
      if (outcome !== null) return `- ${name} | ${lineOf(outcome, 200)}`;
      const values = columns.map((column) => withInterval(column.of(cell)));
      return `- ${name} | ${cell.verdict ?? 'reference'} | ${values.join(' | ')}`;
    }),
    ...remarks.map((remark) => `remark: ${lineOf(remark)}`),
  ];
}

/** Failures, then differences, then what is open. */
function importance({ cells }: CaseGroup): number {
  const ranks = cells.map((cell) => {
    if (cell.status === 'failed') return 3;
    if (cell.verdict === 'faster' || cell.verdict === 'slower') return 2;
    return cell.verdict === 'unresolved' ? 1 : 0;
  });
  return Math.max(0, ...ranks);
}

function fitting(
  cases: readonly (readonly string[])[],
  room: number,
): { lines: string[]; left: number } {
  const lines: string[] = [];
  for (const [at, own] of cases.entries()) {
    if (lengthOf([...lines, ...own]) > room) return { lines, left: cases.length - at };
    lines.push(...own);
  }
  return { lines, left: 0 };
}

function nextSteps(results: Results): string[] {
  const { cells, mode } = results;
  const named = (which: (cell: Cell) => boolean): string =>
    [...new Set(cells.filter(which).map(({ contestant }) => contestant.policy))]
      .slice(0, 8)
      .join(', ');
  const failed = named(({ status }) => status === 'failed');
  const missing = named(({ status }) => status === 'unavailable');
  const open = named(({ verdict }) => verdict === 'unresolved');
  const different = named(({ verdict }) => verdict === 'faster' || verdict === 'slower');
  const level = named(({ verdict }) => verdict === 'no difference');
  const moreMs = Math.max(0, ...results.says.map((says) => says.moreMs));
  const minutes = Math.ceil((results.elapsedMs + moreMs) / 60_000);
  return [
    ...(failed === ''
      ? []
      : [`mend ${failed}, whose reasons are above: a failed row has no numbers`]),
    ...(missing === ''
      ? []
      : [`${missing} could not be started here: its row says what is missing`]),
    ...(open === ''
      ? []
      : [
          `say nothing of ${open} yet: measure ` +
            (isAveraged(results) ? 'on more hosts' : `again with --budget ${minutes}m`),
        ]),
    ...(different === ''
      ? []
      : [
          `${different}: the difference holds for this work on ${isAveraged(results) ? 'hosts like these' : 'this machine'}. Before you decide by it, measure work that ` +
            'is like your own, and once more with the variants in the opposite order',
        ]),
    ...(level === '' ? [] : [`${level}: choose by something other than speed`]),
    ...(mode === 'quick' ? ['measure without --quick'] : []),
  ];
}

/** Names and reasons come from outside: one line, and no longer than it needs to be. */
function lineOf(text: string, longest = LONGEST_LINE): string {
  const line = cleanText(text).replaceAll(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}
