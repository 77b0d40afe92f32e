/**
 * A table for a terminal: rows under the headings of their cases, with as many columns as fit into the width. The least
 * important columns are left out first.
 */
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type pc from 'picocolors';
import type { CaseGroup } from '../documents/cases.js';
import { cleanText } from '../text/clean.js';

export type Colors = ReturnType<typeof pc.createColors>;

/** A column with `rank` 0 always stays. If the width is short, the highest rank goes first. */
export interface Column<Row> {
  head: string;
  rank: number;
  align: 'left' | 'right';
  of: (row: Row, c: Colors) => string;
}

export interface Layout<Row> {
  groups: readonly CaseGroup<Row>[];
  columns: readonly Column<Row>[];
  /** The text at the start of a row. */
  nameOf: (row: Row, c: Colors) => string;
  /** A text in place of all columns; null if the columns are shown. */
  insteadOf: (row: Row, c: Colors) => { text: string; paint: (text: string) => string } | null;
}

/** The longest text of a table cell; a case's sentence has the whole reason. */
const LONGEST = 52;

export function tableOf<Row>(layout: Layout<Row>, c: Colors, width: number): string {
  const ranks = layout.columns.map(({ rank }) => rank);
  for (let rank = Math.max(...ranks); ; rank--) {
    const columns = layout.columns.filter((column) => column.rank <= rank);
    const { text, widest } = draw({ ...layout, columns }, c, width);
    if (widest <= width || rank === 0) return text;
  }
}

function draw<Row>(
  { groups, columns, nameOf, insteadOf }: Layout<Row>,
  c: Colors,
  width: number,
): { text: string; widest: number } {
  const names = groups.flatMap(({ cells }) => cells.map((row) => nameOf(row, c)));
  // What is left of the width beside the longest name.
  const room = width - Math.max(...names.map(lengthOf)) - 4;
  const table = new Table({
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: ['left', ...columns.map(({ align }) => align)],
  });
  table.push(['', ...columns.map(({ head }) => c.dim(head))]);
  for (const { title, kind, cells } of groups) {
    const heading = `${c.bold(cut(cleanText(title)))} ${c.dim(`(${kind})`)}`;
    table.push([{ content: heading, colSpan: columns.length + 1 }]);
    for (const row of cells) {
      const name = `  ${nameOf(row, c)}`;
      const instead = insteadOf(row, c);
      if (instead === null) table.push([name, ...columns.map((column) => column.of(row, c))]);
      else {
        const content = instead.paint(cut(cleanText(instead.text), Math.min(room, LONGEST)));
        table.push([name, { content, colSpan: columns.length, hAlign: 'left' }]);
      }
    }
  }
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return { text: lines.join('\n'), widest: Math.max(...lines.map(lengthOf)) };
}

/** Columns without borders under their heads, with numbers aligned to the right. */
export function plainTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  /** The number of leading columns that hold words. The others hold numbers. */
  words = 1,
): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    chars: noBorders,
    colAligns: head.map((_, at) => (at < words ? 'left' : 'right')),
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

export function cut(text: string, length = LONGEST): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(9, length - 1))}…`;
}

/** Breaks lines between words only; each line begins with the indent. */
export function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  return [...lines, line].join('\n');
}

/** Columns that the text takes in a terminal. */
export function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** No borders: a table's borders carry no information. */
const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
