/** The gate's error rates: for a terminal, and for GitHub with the power curve as a picture. */
import { SLOWDOWNS, type SelfTest, type SelfTestCell } from '../../../documents/self-test.js';
import { hodgesLehmann, pseudoMedian } from '../../../stats/hodges-lehmann.js';
import { robustDeviation } from '../../../stats/spread.js';
import { cleanMarkdown, cleanText } from '../../../text/clean.js';
import { markdownTable } from '../../../text/markdown.js';
import { formatElapsed, formatShare } from '../../../text/format.js';
import { plainTable } from '../../../report/table.js';

const HEAD = [
  'cell',
  'pairs',
  'spread',
  'favours head by',
  'false alarms',
  ...SLOWDOWNS.map((slowdown) => `finds ${formatShare(slowdown)}`),
  ...SLOWDOWNS.map((slowdown) => `${formatShare(slowdown)} reads as`),
];

export function renderSelfTest(test: SelfTest): string {
  const rows = rowsOf(test).map((row) => row.map(cleanText));
  return `${[plainTable(HEAD, rows), ...wordsOf(test)].join('\n')}\n`;
}

export function renderSelfTestMarkdown(test: SelfTest): string {
  const rows = rowsOf(test).map((row) => row.map(cleanMarkdown));
  return [
    '### What the gate misses, and how often it cries wolf',
    markdownTable(HEAD, rows).join('\n'),
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
      cell.pairs.length < 2 ? '–' : formatShare(robustDeviation(cell.pairs)),
      biasOf(cell),
      own === undefined ? '–' : formatShare(own.falseAlarms.rate),
      ...SLOWDOWNS.map((slowdown) => {
        const rateIn = (all: readonly { slowdown: number; rate: number }[] = []): string => {
          const found = all.find((each) => each.slowdown === slowdown);
          return found === undefined ? '–' : formatShare(found.rate);
        };
        return `${rateIn(own?.power)}, ${rateIn(own?.added)}`;
      }),
      ...SLOWDOWNS.map((slowdown) => readingOf(cell, slowdown)),
    ];
  });
}

/** What the same code on both sides is said to differ by: an interval that leaves out 0 is a fault. */
function biasOf({ pairs }: SelfTestCell): string {
  if (pairs.length === 0) return '–';
  const { low, high } = hodgesLehmann(pairs);
  if (low === null || high === null) return '–';
  return `${formatShare(-Math.expm1(high))} to ${formatShare(-Math.expm1(low))}`;
}

/** What the pairs of a known slowdown say. */
function readingOf({ slowed }: SelfTestCell, slowdown: number): string {
  const pairs = slowed.find((each) => each.slowdown === slowdown)?.pairs ?? [];
  return pairs.length === 0 ? '–' : formatShare(Math.expm1(pseudoMedian(pairs)));
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
    `A run without a slowdown calls a cell slower in ${rateText(falseAlarms)} of ${falseAlarms.trials} ` +
      `resampled runs; in ${rateText(rates.falseAlarmsMirrored)} where the sides of pairs are exchanged by ` +
      'a coin, which takes out what favours one of them.',
    '"Finds": as slow as the copy reads, and with exactly so much added to the pairs.',
  );
  if (pairMs !== null) {
    words.push(
      `It takes ${pairs.median} pairs, 95% of runs at most ${pairs.p95}: ` +
        `${formatElapsed(pairs.median * pairMs)} and ${formatElapsed(pairs.p95 * pairMs)} ` +
        `at ${(pairMs / 1000).toFixed(2)} s a pair. ${rates.open.median} cells are open then, 95% of runs at most ${rates.open.p95}.`,
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

function rateText({ rate, low, high }: { rate: number; low: number; high: number }): string {
  return `${formatShare(rate)} (${formatShare(low)}–${formatShare(high)})`;
}
