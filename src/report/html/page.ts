/**
 * A run as one self-contained HTML file: no network, light and dark mode, usable from a phone's width on, and without
 * scripts, too (they only filter).
 *
 *   in short ─▶ matrix ─▶ case: plots, table ─▶ what it was measured on, and how
 *
 * All text from outside goes in as text nodes and attributes of a DOM (linkedom), never as markup.
 */
import type { Results } from '../../documents/results.js';
import { factsOf, isAveraged } from '../about.js';
import { casesOf, saysOf, type CaseGroup } from '../../documents/cases.js';
import { cleanText } from '../../text/clean.js';
import type { El, Page, Part } from './elements.js';
import { matrixOf } from './matrix.js';
import { plotsOf } from './plots.js';
import { SCRIPT } from './script.js';
import { htmlFile } from './shell.js';
import { tablesOf } from './tables.js';

export function renderHtml(results: Results): string {
  const groups = casesOf(results);
  const title = `loopdyno: ${cleanText(results.startedAt)}`;
  return htmlFile(title, (document, el) => [
    headerOf(el, 'loopdyno report', results),
    el(
      'main',
      {},
      ...inShort(el, results),
      filters(el, results, groups),
      el(
        'section',
        { 'aria-labelledby': 'matrix' },
        el('h2', { id: 'matrix' }, `Rates beside ${cleanText(results.reference)}`),
        matrixOf(el, results, groups),
      ),
      ...groups.map((group, at) => caseSection(document, el, results, group, at)),
      measuredOn(el, results),
    ),
    el('script', {}, SCRIPT),
  ]);
}

/** The title, and the warnings that must be read before any number. */
export function headerOf(el: El, title: string, results: Results): Part {
  return el(
    'header',
    {},
    el('h1', {}, title),
    ...results.warnings.map(({ label, text }) =>
      el('p', { class: 'warning' }, el('strong', {}, `${label}: `), cleanText(text)),
    ),
    ...(results.noise === null ? [] : [el('p', {}, cleanText(results.noise.sentence))]),
  );
}

export function measuredOn(el: El, results: Results): Part {
  return el(
    'section',
    { 'aria-labelledby': 'measured' },
    el('h2', { id: 'measured' }, 'What it was measured on, and how'),
    el(
      'dl',
      {},
      ...factsOf(results).flatMap(({ label, text }) => [
        el('dt', {}, label),
        el('dd', {}, cleanText(text)),
      ]),
    ),
    el('p', {}, HOW),
    ...(isAveraged(results) ? [el('p', {}, HOSTS)] : []),
  );
}

const HOW =
  'Every round starts fresh processes, which work in turns of a fraction of a second, one at a time. A round ' +
  'gives one observation, the Hodges–Lehmann estimate of the ratio over its blocks of turns; intervals are 95% intervals over rounds, ' +
  'and a dot is a round. A difference is claimed only where the interval leaves out 1. Latency counts from when ' +
  'a job was asked for, or was to arrive where the load is an open loop; lag is how late a heartbeat under the policy’s own timers was.';

const HOSTS =
  'Here ratios are means over hosts, by Paule and Mandel, with Hartung and Knapp’s interval, and a dot is a host. ' +
  'Rates and times are of a machine, and are not averaged.';

/** Hidden until the script shows them, since they need it. */
function filters(el: El, { cells }: Results, groups: readonly CaseGroup[]) {
  const choice = (name: string, label: string, values: readonly string[]) =>
    el(
      'label',
      {},
      `${label} `,
      el(
        'select',
        { name },
        el('option', { value: '' }, 'all'),
        ...values.map((value) => el('option', { value }, cleanText(value))),
      ),
    );
  const policies = [...new Set(cells.map(({ contestant }) => contestant.policy))];
  return el(
    'form',
    { id: 'filters', hidden: '', 'aria-label': 'Show only' },
    choice('kind', 'Kind', [...new Set(groups.map(({ kind }) => kind))]),
    choice('policy', 'Policy', policies),
    choice('workload', 'Workload', [...new Set(cells.map(({ workload }) => workload))]),
    el(
      'label',
      {},
      'Order ',
      el(
        'select',
        { name: 'order' },
        el('option', { value: 'run' }, 'as run'),
        el('option', { value: 'name' }, 'by name'),
        el('option', { value: 'spread' }, 'by largest difference'),
      ),
    ),
  );
}

function inShort(el: El, { summary }: Results): Part[] {
  if (summary.length === 0) return [];
  const lines = summary.map(({ label, text }) =>
    el('li', {}, el('strong', {}, cleanText(label)), `: ${cleanText(text)}`),
  );
  return [
    el(
      'section',
      { class: 'short', 'aria-labelledby': 'short' },
      el('h2', { id: 'short' }, 'In short'),
      el('ul', {}, ...lines),
    ),
  ];
}

function caseSection(document: Page, el: El, results: Results, group: CaseGroup, at: number): Part {
  const { sentence, remarks } = saysOf(results, group);
  return el(
    'section',
    { class: 'case', 'aria-labelledby': `case-${at}`, ...dataOf(group), ...orderOf(group, at) },
    el('h2', { id: `case-${at}` }, `${cleanText(group.title)} (${group.kind})`),
    el('p', {}, cleanText(sentence)),
    ...remarks.map((text) => el('p', { class: 'warning' }, cleanText(text))),
    el('div', { class: 'plots' }, ...plotsOf(document, el, group, results.reference)),
    tablesOf(el, group, results),
  );
}

/** The attributes by which the script filters. */
function dataOf({ kind, cells }: CaseGroup): Record<string, string> {
  return { 'data-kind': kind, 'data-workload': cells[0]?.workload ?? '' };
}

function orderOf({ title, cells }: CaseGroup, at: number): Record<string, string> {
  const logs = cells.flatMap(({ ratio }) =>
    ratio === null ? [] : [Math.abs(Math.log(ratio.point))],
  );
  return {
    'data-run': String(at),
    'data-name': cleanText(title),
    'data-spread': Math.max(0, ...logs.filter(Number.isFinite)).toFixed(4),
  };
}
