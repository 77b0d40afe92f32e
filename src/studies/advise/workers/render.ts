/** The answer for a terminal: the sentence, the table, and what it rests on. */
import pc from 'picocolors';
import type { ConsoleOptions } from '../../../report/console.js';
import { plainTable, wrap } from '../../../report/table.js';
import { cleanText } from '../../../text/clean.js';
import {
  formatBytes,
  formatDuration,
  formatInterval,
  formatNumber,
  formatRatio,
  microsecondScale,
} from '../../../text/format.js';
import type { Row, WorkersAnswer } from './answer.js';

const HEAD = [
  '',
  'calls/s',
  '95% interval',
  'vs inline',
  '95% interval',
  'CPU per call',
  'main thread p99',
];
const NONE = '–';

export function renderWorkers(
  answer: WorkersAnswer,
  sentence: string,
  { color, width }: ConsoleOptions,
): string {
  const c = pc.createColors(color);
  const line = (text: string): string => wrap(cleanText(text), width, '  ').trimStart();
  const shown = answer.rows.filter(({ reason }) => reason === null);
  const table = plainTable(HEAD, shown.map(textsOf));
  const missing = answer.rows.flatMap(({ name, reason }) =>
    reason === null ? [] : [c.yellow(line(`${name}: ${reason}`))],
  );
  return [[c.bold(line(sentence))], [table, ...missing], [c.dim(line(conditionsOf(answer)))]]
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function textsOf({ name, callsPerSecond, ratio, cpuUsPerCall, mainThreadMs }: Row): string[] {
  const rate = callsPerSecond ?? { point: 0, low: null, high: null };
  const { point, interval } = ratio === null ? { point: NONE, interval: '' } : formatRatio(ratio);
  const us = cpuUsPerCall?.point ?? null;
  const { unit, format } = microsecondScale(us ?? 0);
  return [
    name,
    formatNumber(rate.point),
    formatInterval(rate),
    point,
    interval,
    us === null ? NONE : `${format(us)} ${unit}`,
    mainThreadMs === null ? NONE : formatDuration(mainThreadMs),
  ];
}

function conditionsOf({ call, concurrency, cores, mainThread }: WorkersAnswer): string {
  const bytes = call?.bytes ?? null;
  return [
    `${concurrency} calls in flight on ${cores} cores`,
    ...(bytes === null ? [] : [`${bytesOf(bytes.in)} there and ${bytesOf(bytes.out)} back a call`]),
    ...(mainThread === null
      ? []
      : [
          `main thread p99: how late a timer is while ${formatNumber(mainThread.perSecond)} calls/s arrive`,
        ]),
  ].join('; ');
}

function bytesOf(bytes: number): string {
  return formatBytes(Math.round(bytes));
}
