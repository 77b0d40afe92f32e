/** Two runs beside each other, for a terminal and for GitHub. */
import Table from 'cli-table3';
import pc from 'picocolors';
import type { Estimate } from '../schema/results.js';
import type { CellComparison, Comparison } from '../stats/compare.js';
import { cleanMarkdown, cleanText } from './clean.js';
import type { ConsoleOptions } from './console.js';
import { differs, formatBound, formatParams, formatRatio } from './format.js';

const HEAD = ['case', 'policy', 'ratio to reference', 'throughput', 'says'];

export function renderComparisonConsole(comparison: Comparison, { color }: ConsoleOptions): string {
  const c = pc.createColors(color);
  const table = new Table({ head: HEAD, style: { head: [], border: [] } });
  for (const cell of comparison.cells) {
    const words = verdictOf(cell);
    const paint = words.startsWith('slower')
      ? c.red
      : words.startsWith('faster')
        ? c.green
        : String;
    table.push([...rowOf(cell).map(cleanText), paint(cleanText(words))]);
  }
  return `${[...warningsOf(comparison), table.toString(), summaryOf(comparison)].join('\n')}\n`;
}

export function renderComparisonMarkdown(comparison: Comparison): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    '# loopdyno comparison',
    '',
    ...warningsOf(comparison).map((text) => `> ${cleanMarkdown(text)}\n`),
    line(HEAD),
    line(HEAD.map(() => '---')),
    ...comparison.cells.map((cell) =>
      line([...rowOf(cell), verdictOf(cell)].map((text) => cleanMarkdown(text))),
    ),
    '',
    summaryOf(comparison),
    '',
  ].join('\n');
}

function rowOf({ workload, params, policy, ratioChange, throughputChange }: CellComparison) {
  const title = [workload, formatParams(params)].filter((part) => part !== '').join(', ');
  return [title, policy, changeText(ratioChange), changeText(throughputChange)];
}

function changeText(change: Estimate | null): string {
  if (change === null) return '';
  const { point, interval } = formatRatio(change);
  return interval === '' ? point : `${point} (${interval})`;
}

/** By the ratio, which drift cancels in; the reference has only its throughput. */
function verdictOf({ problem, ratioChange, throughputChange }: CellComparison): string {
  if (problem !== null) return `not comparable: ${problem}`;
  const change = ratioChange ?? throughputChange;
  if (change === null) return 'not comparable: no rounds';
  if (change.low === null || change.high === null) return 'one round, too few to tell';
  if (differs(change)) {
    const { point, low, high } = change;
    const ends = [low, high].map(percentOf).sort((a, b) => a - b);
    const which = point > 1 ? 'faster' : 'slower';
    return `${which} by ${percentOf(point)}% (${ends.join('–')})`;
  }
  const bound = Math.max(Math.abs(change.low - 1), Math.abs(change.high - 1));
  return `no change larger than ${formatBound(bound)}`;
}

function percentOf(ratio: number): number {
  return Number((Math.abs(ratio - 1) * 100).toPrecision(2));
}

function warningsOf({ differences }: Comparison): string[] {
  if (differences.length === 0) return [];
  const fields = differences.map(({ field, a, b }) => `${field} ${a} / ${b}`);
  return [`Not the same machine or runtime: ${cleanText(fields.join(', '))}`];
}

/** Two right runs of the same thing should overlap in 95 of 100 cells and more. */
function summaryOf({ cells }: Comparison): string {
  const told = cells.filter(({ overlap }) => overlap !== null);
  const both = told.filter(({ overlap }) => overlap === true);
  return `The two runs' 95% intervals overlap in ${both.length} of ${told.length} cells.`;
}
