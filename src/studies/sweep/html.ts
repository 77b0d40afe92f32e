/** A sweep as one HTML file: sentences, the curves with their bands, and the table. */
import * as Plot from '@observablehq/plot';
import type { Sweep } from '../../documents/sweep.js';
import { cleanText } from '../../text/clean.js';
import { failuresOf, titleOf } from './render.js';
import { headOf, rowsOf } from './table.js';
import type { El, Page, Part } from '../../report/html/elements.js';
import { headerOf, measuredOn } from '../../report/html/page.js';
import { figureOf } from '../../report/html/figure.js';
import { htmlFile } from '../../report/html/shell.js';

/** In px. */
const WIDTH = 760;
const HEIGHT = 420;

export function renderSweepHtml(sweep: Sweep): string {
  const title = cleanText(titleOf(sweep));
  return htmlFile(`loopdyno sweep: ${title}`, (document, el) => [
    headerOf(el, `Sweep: ${title}`, sweep.results),
    el(
      'main',
      {},
      el(
        'section',
        { 'aria-labelledby': 'verdicts' },
        el('h2', { id: 'verdicts' }, 'What it says'),
        el('ul', {}, ...sweep.curves.map(({ sentence }) => el('li', {}, cleanText(sentence)))),
        ...failuresOf(sweep).map((text) => el('p', { class: 'warning' }, cleanText(text))),
        curvesOf(document, el, sweep),
      ),
      el(
        'section',
        { 'aria-labelledby': 'points' },
        el('h2', { id: 'points' }, 'Every point'),
        tableOf(el, sweep),
      ),
      measuredOn(el, sweep.results),
    ),
  ]);
}

function curvesOf(document: Page, el: El, sweep: Sweep): Part {
  const { curves, parameter, reference } = sweep;
  const points = curves.flatMap(({ policy, points: own }) =>
    own.map(({ x, ratio }) => ({ policy: cleanText(policy), x, ...ratio })),
  );
  const crossings = curves.flatMap(({ policy, crossings: own }) =>
    own.map((crossing) => ({ policy: cleanText(policy), ...crossing })),
  );
  const bounded = crossings.filter(({ low, high }) => low !== null && high !== null);
  const caption = `Rate beside ${cleanText(reference)}: 95% bands, and where the curves cross 1`;
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 55,
    marginRight: 80,
    ariaLabel: `${caption}. The numbers are in the table below.`,
    style: { background: 'none', color: 'inherit' },
    x: {
      type: parameter.scale === 'log' ? 'log' : 'linear',
      domain: [parameter.from, parameter.to],
      label: `${cleanText(parameter.unit ?? parameter.name)} →`,
      tickFormat: '~s',
    },
    y: { type: 'log', label: '↑ ×', tickFormat: '~r', grid: true },
    color: { domain: curves.map(({ policy }) => cleanText(policy)) },
    marks: [
      Plot.ruleY([1], { stroke: 'currentColor', strokeDasharray: '3 3' }),
      Plot.rect(bounded, { x1: 'low', x2: 'high', fill: 'policy', fillOpacity: 0.2 }),
      Plot.ruleX(crossings, { x: 'at', stroke: 'policy', strokeWidth: 1.5 }),
      Plot.areaY(
        points.filter(({ low }) => low !== null),
        { x: 'x', y1: 'low', y2: 'high', z: 'policy', fill: 'policy', fillOpacity: 0.15 },
      ),
      Plot.line(points, { x: 'x', y: 'point', stroke: 'policy', strokeWidth: 2 }),
      Plot.dot(points, { x: 'x', y: 'point', fill: 'policy', r: 2.5 }),
      Plot.text(
        points,
        Plot.selectLast({
          x: 'x',
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

function tableOf(el: El, sweep: Sweep): Part {
  const head = headOf(sweep).map((text) => el('th', { scope: 'col' }, cleanText(text)));
  const rows = rowsOf(sweep).map(([x = '', ...texts]) =>
    el('tr', {}, el('th', { scope: 'row' }, x), ...texts.map((text) => el('td', {}, text))),
  );
  const table = el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows));
  return el('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Points' }, table);
}
