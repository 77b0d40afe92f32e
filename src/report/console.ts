/** A run for a terminal: warnings, the table, what each case says, and what it was measured on. */
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import pc from 'picocolors';
import type { Cell, Results } from '../schema/results.js';
import { factsOf, warningsOf } from './about.js';
import { casesOf, outcomeOf, type CaseGroup } from './cases.js';
import { cleanText } from './clean.js';
import {
  differs,
  formatDuration,
  formatInterval,
  formatNumber,
  formatRatio,
  microsecondScale,
} from './format.js';
import { remarksOf } from './remarks.js';
import { sentenceOf } from './sentences.js';

export interface ConsoleOptions {
  color: boolean;
  /** Columns of the terminal. */
  width: number;
}

type Colors = ReturnType<typeof pc.createColors>;

/** What a table cell holds at most; the whole of a reason is in the case's sentence. */
const LONGEST = 52;

export function renderConsole(results: Results, { color, width }: ConsoleOptions): string {
  const c = pc.createColors(color);
  const groups = casesOf(results);
  const warnings = warningsOf(results).map(({ label, text }) =>
    wrap(`${label}: ${text}`, width, '').replace(label, c.bold(c.yellow(label))),
  );
  const sentences = groups.map((group) => {
    const sentence = sentenceOf(group, results.reference, cleanText);
    const remarks = remarksOf(group, results, cleanText).map((text) =>
      c.yellow(wrap(text, width, '  ')),
    );
    return [c.bold(cleanText(group.title)), wrap(sentence, width, '  '), ...remarks].join('\n');
  });
  const facts = factsOf(results).map(({ label, text }) =>
    c.dim(wrap(`${label}: ${cleanText(text)}`, width, '  ').trimStart()),
  );
  return [
    warnings,
    [groups.length === 0 ? 'No cell was planned.' : tableOf(groups, results, c, width)],
    sentences,
    facts,
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** Columns of the table; `rank` 0 stays, and the highest goes first where the width is short. */
interface Column {
  head: string;
  rank: number;
  align: 'left' | 'right';
  of: (cell: Cell, c: Colors) => string;
}

function columnsOf(reference: string): Column[] {
  return [
    {
      head: 'jobs/s',
      rank: 0,
      align: 'right',
      of: ({ throughput }) => (throughput === null ? '' : formatNumber(throughput.point)),
    },
    {
      head: '95% interval',
      rank: 6,
      align: 'left',
      of: ({ throughput }, c) => (throughput === null ? '' : c.dim(formatInterval(throughput))),
    },
    {
      head: `vs ${cut(cleanText(reference))}`,
      rank: 0,
      align: 'right',
      of: ({ ratio }, c) => {
        if (ratio === null) return '';
        const text = formatRatio(ratio).point;
        if (!differs(ratio)) return text;
        return ratio.point > 1 ? c.green(text) : c.red(text);
      },
    },
    {
      head: '95% interval',
      rank: 1,
      align: 'left',
      of: ({ ratio }, c) => {
        const interval = ratio === null ? '' : formatRatio(ratio).interval;
        return interval === '' ? '' : c.dim(interval);
      },
    },
    {
      head: 'CPU per job',
      rank: 2,
      align: 'right',
      of: ({ cpuPerJob }) => (cpuPerJob === null ? '' : formatDuration(cpuPerJob.point / 1000)),
    },
    {
      head: '95% interval',
      rank: 7,
      align: 'left',
      of: ({ cpuPerJob }, c) =>
        cpuPerJob === null
          ? ''
          : c.dim(formatInterval(cpuPerJob, microsecondScale(cpuPerJob.point).format)),
    },
    {
      head: 'latency p50',
      rank: 4,
      align: 'right',
      of: ({ latency }) => (latency === null ? '' : formatDuration(latency.p50)),
    },
    {
      head: 'p99',
      rank: 3,
      align: 'right',
      of: ({ latency }) => (latency === null ? '' : formatDuration(latency.p99)),
    },
    {
      head: 'lag p99',
      rank: 5,
      align: 'right',
      of: ({ lag }) => (lag === null ? '' : formatDuration(lag.p99)),
    },
  ];
}

/** The table with as many columns as the width has room for, the least important left out first. */
function tableOf(groups: CaseGroup[], { reference }: Results, c: Colors, width: number): string {
  const all = columnsOf(reference);
  for (let rank = Math.max(...all.map((column) => column.rank)); ; rank--) {
    const columns = all.filter((column) => column.rank <= rank);
    const { text, widest } = draw(groups, columns, c, width);
    if (widest <= width || rank === 0) return text;
  }
}

interface Drawing {
  text: string;
  widest: number;
}

function draw(groups: CaseGroup[], columns: Column[], c: Colors, width: number): Drawing {
  const policies = groups.flatMap(({ cells }) => cells.map(policyOf));
  const room = width - Math.max(...policies.map((policy) => policy.length)) - 4;
  const table = new Table({
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: ['left', ...columns.map(({ align }) => align)],
  });
  table.push(['', ...columns.map(({ head }) => c.dim(head))]);
  for (const { title, kind, cells } of groups) {
    const heading = `${c.bold(cut(cleanText(title)))} ${c.dim(`(${kind})`)}`;
    table.push([{ content: heading, colSpan: columns.length + 1 }]);
    for (const cell of cells) table.push(rowOf(cell, columns, c, room));
  }
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  const widths = lines.map((line) => stripVTControlCharacters(line).length);
  return { text: lines.join('\n'), widest: Math.max(...widths) };
}

/** `room` is what the policy's name leaves of the width. */
function rowOf(cell: Cell, columns: Column[], c: Colors, room: number): Table.Cell[] {
  const policy = policyOf(cell);
  const outcome = outcomeOf(cell);
  if (outcome === null) {
    const mark = cell.status === 'aborted' ? c.yellow(' (aborted)') : '';
    return [`  ${policy}${mark}`, ...columns.map((column) => column.of(cell, c))];
  }
  const paint = cell.status === 'failed' ? c.red : c.yellow;
  const content = paint(cut(cleanText(outcome), Math.min(room, LONGEST)));
  return [`  ${policy}`, { content, colSpan: columns.length, hAlign: 'left' }];
}

function policyOf({ contestant }: Cell): string {
  return cut(cleanText(contestant.policy));
}

function cut(text: string, length = LONGEST): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(9, length - 1))}…`;
}

/** Breaks between words only; each line begins with the indent. */
function wrap(text: string, width: number, indent: string): string {
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
