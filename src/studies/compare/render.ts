/** A comparison of two runs, for a terminal and for GitHub. As JSON it is the comparison itself. */
import pc from 'picocolors';
import type { Estimate } from '../../documents/results.js';
import type { CellComparison, ChangeVerdict, Comparison } from './compare.js';
import { casesOf, titleOf } from '../../documents/cases.js';
import { cleanMarkdown, cleanText } from '../../text/clean.js';
import { markdownTable } from '../../text/markdown.js';
import type { ConsoleOptions } from '../../report/console.js';
import { formatRatio, formatShare } from '../../text/format.js';
import { cut, tableOf, wrap, type Colors, type Column } from '../../report/table.js';

export function renderComparisonConsole(
  comparison: Comparison,
  { color, width }: ConsoleOptions,
): string {
  const c = pc.createColors(color);
  const groups = casesOf(comparison);
  return [
    ...warningsOf(comparison).map((text) => c.yellow(paragraph(cleanText(text), width))),
    groups.length === 0
      ? 'Neither run has a cell.'
      : tableOf({ groups, columns, nameOf, insteadOf }, c, width),
    [summaryOf(comparison), ...HOW_TO_READ.map((text) => c.dim(paragraph(text, width)))].join('\n'),
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

export function renderComparisonMarkdown(comparison: Comparison): string {
  const head = ['case', 'policy', 'says', 'ratio', 'throughput', 'detectable'];
  const rows = comparison.cells.map((cell) => [
    titleOf(cell),
    cell.policy,
    cell.says,
    changeText(cell.ratioChange),
    changeText(cell.throughputChange),
    detectableText(cell),
  ]);
  return [
    '# loopdyno comparison',
    ...warningsOf(comparison).map((text) => `> ${cleanMarkdown(text)}`),
    rows.length === 0
      ? 'Neither run has a cell.'
      : markdownTable(
          head,
          rows.map((row) => row.map(cleanMarkdown)),
          3,
        ).join('\n'),
    summaryOf(comparison),
    HOW_TO_READ.map((text) => `- ${text}`).join('\n'),
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

const columns: readonly Column<CellComparison>[] = [
  {
    head: 'says',
    rank: 0,
    align: 'left',
    of: (cell, c) => paints(c)[cell.verdict](cell.says),
  },
  { head: 'ratio', rank: 1, align: 'left', of: ({ ratioChange }) => changeText(ratioChange) },
  {
    head: 'throughput',
    rank: 2,
    align: 'left',
    of: ({ throughputChange }, c) => c.dim(changeText(throughputChange)),
  },
  { head: 'detectable', rank: 3, align: 'right', of: detectableText },
];

function paints(c: Colors): Record<ChangeVerdict, (text: string) => string> {
  return {
    faster: c.green,
    slower: c.red,
    'no change': String,
    unresolved: c.yellow,
    'not comparable': c.yellow,
  };
}

/** Only the first line begins at the edge: a line that begins with a name from outside would look like a row. */
function paragraph(text: string, width: number): string {
  return wrap(text, width, '  ').trimStart();
}

function nameOf({ policy }: CellComparison): string {
  return cut(cleanText(policy));
}

function insteadOf(cell: CellComparison, c: Colors) {
  return cell.problem === null ? null : { text: cell.says, paint: c.yellow };
}

function changeText(change: Estimate | null): string {
  if (change === null) return '';
  const { point, interval } = formatRatio(change);
  return interval === '' ? point : `${point} (${interval})`;
}

function detectableText({ detectable }: CellComparison): string {
  return detectable === null ? '' : formatShare(detectable);
}

function warningsOf({ differences }: Comparison): string[] {
  if (differences.length === 0) return [];
  const fields = differences.map(({ field, a, b }) => `${field} ${a} / ${b}`);
  return [`Not the same machine or runtime: ${fields.join(', ')}`];
}

function summaryOf({ overlaps }: Comparison): string {
  return `The two runs' 95% intervals overlap in ${overlaps.cells} of ${overlaps.of} cells.`;
}

const HOW_TO_READ = [
  'ratio: how the ratio to the reference policy changed from the first run to the second; 0.9× is ' +
    '10% slower. What slowed the whole machine down in one of the runs cancels in it.',
  'throughput: how the jobs/s changed. The machine may have been faster in one of the runs, so ' +
    'take it as advice; only the reference, which has no ratio, is judged by it.',
  'detectable: the smallest change that so many rounds would have shown four times in five.',
  'In brackets: the 95% interval. Of 20 cells in which nothing changed, one is called faster or ' +
    'slower by chance.',
];
