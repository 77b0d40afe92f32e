/** The gate's error rates: for a terminal, and for GitHub with the power curve as a picture. */
import Table from 'cli-table3';
import { SLOWDOWNS, type SelfTest, type SelfTestCell } from '../../schema/self-test.js';
import { median } from '../../stats/median.js';
import { robustDeviation } from '../../stats/spread.js';
import { cleanMarkdown, cleanText } from '../clean.js';
import { formatElapsed } from '../format.js';
import { noBorders } from '../table.js';

const HEAD = [
  'cell',
  'pairs',
  'spread',
  'false alarms',
  ...SLOWDOWNS.map((slowdown) => `finds ${percent(slowdown)}`),
  ...SLOWDOWNS.map((slowdown) => `${percent(slowdown)} reads as`),
];

export function renderSelfTest(test: SelfTest): string {
  const table = new Table({
    head: HEAD,
    style: { head: [], border: [] },
    chars: noBorders,
    colAligns: HEAD.map((_, at) => (at === 0 ? 'left' : 'right')),
  });
  for (const row of rowsOf(test)) table.push(row.map(cleanText));
  return `${[table.toString(), ...wordsOf(test)].join('\n')}\n`;
}

export function renderSelfTestMarkdown(test: SelfTest): string {
  const rows = rowsOf(test).map((row) => `| ${row.map(cleanMarkdown).join(' | ')} |`);
  return [
    '### What the gate misses, and how often it cries wolf',
    [`| ${HEAD.join(' | ')} |`, `| --- |${' ---: |'.repeat(HEAD.length - 1)}`, ...rows].join('\n'),
    wordsOf(test).map(cleanMarkdown).join('\n\n'),
    ...(test.curve.length === 0 ? [] : [curveOf(test)]),
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

function rowsOf({ cells, rates }: SelfTest): string[][] {
  return cells.map((cell) => {
    if (cell.failed !== null) {
      return [cell.cell, `failed: ${cell.failed}`, ...HEAD.slice(2).map(() => '')];
    }
    const own = rates?.cells.find((each) => each.cell === cell.cell);
    return [
      cell.cell,
      String(cell.pairs.length),
      cell.pairs.length < 2 ? '–' : percent(robustDeviation(cell.pairs)),
      own === undefined ? '–' : percent(own.falseAlarms.rate),
      ...SLOWDOWNS.map((slowdown) => {
        const power = own?.power.find((each) => each.slowdown === slowdown);
        return power === undefined ? '–' : percent(power.rate);
      }),
      ...SLOWDOWNS.map((slowdown) => readingOf(cell, slowdown)),
    ];
  });
}

/** What the pairs of a known slowdown say, in the middle. */
function readingOf({ slowed }: SelfTestCell, slowdown: number): string {
  const pairs = slowed.find((each) => each.slowdown === slowdown)?.pairs ?? [];
  return pairs.length === 0 ? '–' : percent(Math.expm1(median(pairs)));
}

function wordsOf({ status, rates, pairMs, cells, elapsedMs, fingerprint }: SelfTest): string[] {
  const count = cells.reduce((sum, { pairs }) => sum + pairs.length, 0);
  const slowed = cells
    .flatMap((cell) => cell.slowed)
    .reduce((sum, { pairs }) => sum + pairs.length, 0);
  const words = [
    `${count} pairs of the same code and ${slowed} with a slowed head in ${formatElapsed(elapsedMs)}, ` +
      `${fingerprint.cores} × ${fingerprint.cpu}, Node ${fingerprint.node}.`,
  ];
  if (status === 'aborted') words.push('Interrupted: fewer pairs than were asked for.');
  if (rates === null) return [...words, 'Too few pairs to tell rates.'];
  const { falseAlarms, pairs } = rates;
  words.push(
    `A run without a slowdown calls one in ${percent(falseAlarms.rate)} of ${falseAlarms.trials} ` +
      `resampled runs (${percent(falseAlarms.low)}–${percent(falseAlarms.high)}).`,
  );
  if (pairMs !== null) {
    words.push(
      `It takes ${pairs.median} pairs, 95% of runs at most ${pairs.p95}: ` +
        `${formatElapsed(pairs.median * pairMs)} and ${formatElapsed(pairs.p95 * pairMs)} ` +
        `at ${(pairMs / 1000).toFixed(2)} s a pair, less what stopping early saves.`,
    );
  }
  return words;
}

/** A chart that GitHub draws. */
function curveOf({ curve }: SelfTest): string {
  const line = (of: 'least' | 'median'): string =>
    curve.map((point) => (point[of] * 100).toFixed(1)).join(', ');
  return [
    'Upper line: the middle cell; lower: the one that sees least.',
    '',
    '```mermaid',
    'xychart-beta',
    '  title "Slowdowns found, by size"',
    `  x-axis "slowdown, %" [${curve.map(({ slowdown }) => (slowdown * 100).toFixed(0)).join(', ')}]`,
    '  y-axis "found, %" 0 --> 100',
    `  line [${line('median')}]`,
    `  line [${line('least')}]`,
    '```',
  ].join('\n');
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}
