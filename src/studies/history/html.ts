/** A history as one HTML file: a sentence, a plot of every case, and the table. */
import * as Plot from '@observablehq/plot';
import { casesOf, titleOf } from '../../documents/cases.js';
import type { El, Page, Part } from '../../report/html/elements.js';
import { figureOf } from '../../report/html/figure.js';
import { htmlFile } from '../../report/html/shell.js';
import { cleanText } from '../../text/clean.js';
import { formatRatio } from '../../text/format.js';
import { leftOutLines, sentenceOf } from './render.js';
import {
  nameOf,
  type History,
  type HistoryPoint,
  type RunOfHistory,
  type Series,
} from './series.js';

/** In px. */
const WIDTH = 560;
const HEIGHT = 260;
/** Names below the axis, beyond which they would overlap. */
const MOST_NAMES = 8;

export function renderHistoryHtml(history: History): string {
  const groups = casesOf({ cells: history.series });
  return htmlFile('loopdyno: history', (document, el) => [
    el('header', {}, el('h1', {}, 'loopdyno history'), el('p', {}, cleanText(sentenceOf(history)))),
    el(
      'main',
      {},
      ...leftOutLines(history).map((line) => el('p', { class: 'warning' }, cleanText(line))),
      el(
        'section',
        { class: 'plots', 'aria-label': 'Ratios, run by run' },
        ...groups.map(({ title, cells }) => plotOf(document, el, title, cells, history)),
      ),
      el('h2', {}, 'Every series'),
      tableOf(el, history),
    ),
  ]);
}

function plotOf(
  document: Page,
  el: El,
  title: string,
  series: readonly Series[],
  { runs, reference }: History,
): Part {
  const points = series.flatMap(({ policy, points: own }) =>
    own.map(({ run, ratio }) => ({ policy: cleanText(policy), run, ...ratio })),
  );
  const changes = series.flatMap(({ policy, changes: own }) =>
    own.map(({ run }) => ({ policy: cleanText(policy), run: run - 0.5 })),
  );
  const step = Math.ceil(runs.length / MOST_NAMES);
  const caption = `${cleanText(title)}: rate over ${cleanText(reference)}, run by run`;
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 50,
    marginRight: 80,
    ariaLabel: `${caption}. The numbers are in the table below.`,
    style: { background: 'none', color: 'inherit' },
    x: {
      domain: [-0.5, runs.length - 0.5],
      label: null,
      ticks: runs.map((_, at) => at).filter((at) => at % step === 0),
      tickFormat: (at: number) => cleanText(shortName(runs[at] as RunOfHistory)),
    },
    y: { type: 'log', label: '↑ ×', tickFormat: '~r', grid: true },
    color: { domain: series.map(({ policy }) => cleanText(policy)) },
    marks: [
      Plot.ruleY([1], { stroke: 'currentColor', strokeDasharray: '3 3' }),
      Plot.ruleX(changes, { x: 'run', stroke: 'policy', strokeWidth: 2 }),
      Plot.ruleX(points, { x: 'run', y1: 'low', y2: 'high', stroke: 'policy', strokeOpacity: 0.5 }),
      Plot.line(points, { x: 'run', y: 'point', z: 'policy', stroke: 'policy' }),
      Plot.dot(points, { x: 'run', y: 'point', fill: 'policy', r: 3 }),
      Plot.text(
        points,
        Plot.selectLast({
          x: 'run',
          y: 'point',
          z: 'policy',
          text: 'policy',
          textAnchor: 'start',
          dx: 6,
        }),
      ),
    ],
  });
  return figureOf(el, caption, svg);
}

function shortName({ commit, startedAt }: RunOfHistory): string {
  return commit?.slice(0, 7) ?? startedAt.slice(5, 10);
}

function tableOf(el: El, { runs, series }: History): Part {
  const head = ['case', 'policy', 'says', ...runs.map(nameOf)];
  const rows = series.map((each) => {
    const by = new Map(each.points.map((point) => [point.run, point]));
    return el(
      'tr',
      {},
      el('th', { scope: 'row' }, cleanText(titleOf(each))),
      el('td', {}, cleanText(each.policy)),
      el('td', {}, cleanText(each.says)),
      ...runs.map((_, run) => el('td', {}, pointText(by.get(run)))),
    );
  });
  const table = el(
    'table',
    {},
    el(
      'thead',
      {},
      el('tr', {}, ...head.map((text) => el('th', { scope: 'col' }, cleanText(text)))),
    ),
    el('tbody', {}, ...rows),
  );
  return el('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Series' }, table);
}

function pointText(point: HistoryPoint | undefined): string {
  if (point === undefined) return '–';
  const { point: text, interval } = formatRatio(point.ratio);
  return `${text} (${interval})`;
}
