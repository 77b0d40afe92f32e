/** The numbers behind a case's plots. */
import type { Cell } from '../../documents/results.js';
import { outcomeOf, type CaseGroup } from '../../documents/cases.js';
import { cleanText } from '../../text/clean.js';
import {
  formatBytes,
  formatDuration,
  formatInterval,
  formatNumber,
  formatRatio,
  formatShare,
} from '../../text/format.js';
import type { El, Part } from './elements.js';

const us = (value: number): string => formatDuration(value / 1000);

const COLUMNS: readonly [string, (cell: Cell) => string][] = [
  [
    'jobs/s',
    ({ throughput: t }) => (t === null ? '' : `${formatNumber(t.point)} (${formatInterval(t)})`),
  ],
  [
    'ratio',
    ({ ratio }) => {
      if (ratio === null) return '';
      const { point, interval } = formatRatio(ratio);
      return interval === '' ? point : `${point} (${interval})`;
    },
  ],
  ['latency p50', ({ latency }) => (latency === null ? '' : formatDuration(latency.p50))],
  ['p90', ({ latency }) => (latency === null ? '' : formatDuration(latency.p90))],
  ['p99', ({ latency }) => (latency === null ? '' : formatDuration(latency.p99))],
  ['p99.9', ({ latency }) => (latency === null ? '' : formatDuration(latency.p999))],
  ['max', ({ latency }) => (latency === null ? '' : formatDuration(latency.max))],
  ['lag p50', ({ lag }) => (lag === null ? '' : formatDuration(lag.p50))],
  ['lag p99', ({ lag }) => (lag === null ? '' : formatDuration(lag.p99))],
  ['lag max', ({ lag }) => (lag === null ? '' : formatDuration(lag.max))],
  ['CPU user', ({ cpuPerJob }) => (cpuPerJob === null ? '' : us(cpuPerJob.user))],
  ['CPU system', ({ cpuPerJob }) => (cpuPerJob === null ? '' : us(cpuPerJob.system))],
  ['peak memory', ({ memory }) => (memory === null ? '' : formatBytes(memory.peakBytes))],
  ['GC', ({ gc }) => (gc === null ? '' : `${gc.count} (${formatShare(gc.share)})`)],
  ['first job', ({ firstJob }) => (firstJob === null ? '' : formatDuration(firstJob.point))],
  ['rounds', ({ rounds }) => String(rounds.length)],
];

/** Of an open loop: where the latency was spent. */
const OPEN: typeof COLUMNS = [
  ['wait p50', ({ wait }) => (wait === null ? '' : formatDuration(wait.p50))],
  ['wait p99', ({ wait }) => (wait === null ? '' : formatDuration(wait.p99))],
  ['service p50', ({ service }) => (service === null ? '' : formatDuration(service.p50))],
  ['service p99', ({ service }) => (service === null ? '' : formatDuration(service.p99))],
];

export function tablesOf(el: El, { title, cells }: CaseGroup): Part {
  const open = cells.some(({ wait }) => wait !== null);
  const columns = open ? [...COLUMNS, ...OPEN] : COLUMNS;
  return el(
    'details',
    {},
    el('summary', {}, 'Numbers'),
    el(
      'div',
      {
        class: 'wide',
        tabindex: '0',
        role: 'region',
        'aria-label': `${cleanText(title)}, numbers`,
      },
      el(
        'table',
        {},
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            el('th', { scope: 'col' }, 'policy'),
            ...columns.map(([name]) => el('th', { scope: 'col' }, name)),
          ),
        ),
        el('tbody', {}, ...cells.map((cell) => rowOf(el, cell, columns))),
      ),
    ),
  );
}

function rowOf(el: El, cell: Cell, columns: typeof COLUMNS): Part {
  const { policy } = cell.contestant;
  const head = el('th', { scope: 'row' }, cleanText(policy));
  const outcome = outcomeOf(cell);
  const row =
    outcome === null
      ? columns.map(([, format]) => el('td', {}, format(cell)))
      : [el('td', { colspan: String(columns.length) }, cleanText(outcome))];
  return el('tr', { 'data-policy': policy }, head, ...row);
}
