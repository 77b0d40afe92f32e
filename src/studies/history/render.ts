/** A history for a terminal and for GitHub. As JSON it is the history itself. */
import pc from 'picocolors';
import { casesOf, titleOf } from '../../documents/cases.js';
import type { ConsoleOptions } from '../../report/console.js';
import { cut, tableOf, wrap, type Colors, type Column } from '../../report/table.js';
import { cleanMarkdown, cleanText } from '../../text/clean.js';
import { formatRatio } from '../../text/format.js';
import { markdownTable } from '../../text/markdown.js';
import {
  nameOf,
  type History,
  type HistoryPoint,
  type RunOfHistory,
  type Series,
} from './series.js';

export function renderHistoryConsole(history: History, { color, width }: ConsoleOptions): string {
  const c = pc.createColors(color);
  const groups = casesOf({ cells: history.series });
  const layout = {
    groups,
    columns: COLUMNS,
    nameOf: ({ policy }: Series) => cut(cleanText(policy)),
    insteadOf: () => null,
  };
  const paragraph = (text: string): string => wrap(cleanText(text), width, '  ').trimStart();
  return [
    groups.length === 0 ? 'No cell has a ratio with an interval.' : tableOf(layout, c, width),
    ...leftOutLines(history).map((line) => c.yellow(paragraph(line))),
    paragraph(sentenceOf(history)),
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

export function renderHistoryMarkdown(history: History): string {
  const head = ['case', 'policy', 'first', 'last', 'runs', 'says'];
  const rows = history.series.map((series) =>
    [titleOf(series), series.policy, first(series), last(series), runsOf(series), series.says].map(
      cleanMarkdown,
    ),
  );
  return [
    '# loopdyno history',
    cleanMarkdown(sentenceOf(history)),
    rows.length === 0
      ? 'No cell has a ratio with an interval.'
      : markdownTable(head, rows, 5).join('\n'),
    leftOutLines(history)
      .map((line) => `- ${cleanMarkdown(line)}`)
      .join('\n'),
  ]
    .filter((block) => block !== '')
    .map((block) => `${block}\n`)
    .join('\n');
}

const COLUMNS: readonly Column<Series>[] = [
  { head: 'first', rank: 2, align: 'right', of: first },
  { head: 'last', rank: 0, align: 'right', of: last },
  { head: 'runs', rank: 1, align: 'right', of: runsOf },
  {
    head: 'says',
    rank: 0,
    align: 'left',
    of: ({ says, changes }, c) => paint(changes.at(-1), c)(says),
  },
];

function paint(change: Series['changes'][number] | undefined, c: Colors): (text: string) => string {
  if (change === undefined) return String;
  return change.factor > 1 ? c.green : c.red;
}

function first({ points }: Series): string {
  return ratioText(points[0] as HistoryPoint);
}

function last({ points }: Series): string {
  return ratioText(points.at(-1) as HistoryPoint);
}

function runsOf({ points }: Series): string {
  return String(points.length);
}

function ratioText({ ratio }: HistoryPoint): string {
  const { point, interval } = formatRatio(ratio);
  return `${point} (${interval})`;
}

export function leftOutLines({ leftOut }: History): string[] {
  return leftOut.map(({ what, reason }) => `Left out: ${what}: ${reason}`);
}

/** Names in it are from outside. */
export function sentenceOf({ reference, runs, series }: History): string {
  const changed = series.filter(({ changes }) => changes.length > 0).length;
  const machines = new Set(runs.map(({ machine }) => machine)).size;
  const [from, to] = [runs[0] as RunOfHistory, runs.at(-1) as RunOfHistory];
  const span =
    runs.length === 1 ? nameOf(from) : `${runs.length} runs, ${nameOf(from)} to ${nameOf(to)}`;
  const on = machines > 1 ? `, on ${machines} kinds of machine or Node` : '';
  return `${span}${on}: ratios to ${reference}; ${changed} of ${series.length} series changed.`;
}
