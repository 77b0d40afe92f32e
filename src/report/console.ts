/** A run for a terminal: warnings, the table, what each case says, and what it was measured on. */
import pc from 'picocolors';
import type { Cell, Results } from '../documents/results.js';
import { factsOf, warningsOf } from './about.js';
import { casesOf, outcomeOf } from '../documents/cases.js';
import { cleanText } from '../text/clean.js';
import {
  differs,
  formatDuration,
  formatInterval,
  formatNumber,
  formatRatio,
  microsecondScale,
} from '../text/format.js';
import { remarksOf } from '../analysis/remarks.js';
import { sentenceOf } from '../analysis/sentences.js';
import { cut, tableOf, wrap, type Colors, type Column } from './table.js';

export interface ConsoleOptions {
  color: boolean;
  /** Columns of the terminal. */
  width: number;
}

export function renderConsole(results: Results, { color, width }: ConsoleOptions): string {
  const c = pc.createColors(color);
  const groups = casesOf(results);
  const layout = { groups, columns: columnsOf(results), nameOf, insteadOf };
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
    [groups.length === 0 ? 'No cell was planned.' : tableOf(layout, c, width)],
    sentences,
    facts,
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** Of an open loop: where the latency was spent. */
const OPEN: readonly Column<Cell>[] = [
  {
    head: 'wait p99',
    rank: 1,
    align: 'right',
    of: ({ wait }) => (wait === null ? '' : formatDuration(wait.p99)),
  },
  {
    head: 'service p99',
    rank: 1,
    align: 'right',
    of: ({ service }) => (service === null ? '' : formatDuration(service.p99)),
  },
];

function columnsOf({ reference, load }: Results): Column<Cell>[] {
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
    ...(load === null ? [] : OPEN),
    {
      head: 'lag p99',
      rank: 5,
      align: 'right',
      of: ({ lag }) => (lag === null ? '' : formatDuration(lag.p99)),
    },
  ];
}

/** A name, and behind it that it was cut short. */
function nameOf({ contestant, status, throughput }: Cell, c: Colors): string {
  const mark = status === 'aborted' && throughput !== null ? c.yellow(' (aborted)') : '';
  return cut(cleanText(contestant.policy)) + mark;
}

function insteadOf(cell: Cell, c: Colors) {
  const text = outcomeOf(cell);
  return text === null ? null : { text, paint: cell.status === 'failed' ? c.red : c.yellow };
}
