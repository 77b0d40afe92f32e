/** The numbers behind a case's plots. */
import type { Cell, Results } from '../../documents/results.js';
import { outcomeOf, type CaseGroup } from '../../documents/cases.js';
import { cleanText } from '../../text/clean.js';
import { columnsOf, headsOf, withInterval, type CellColumn } from '../columns.js';
import type { El, Part } from './elements.js';

export function tablesOf(el: El, { title, cells }: CaseGroup, results: Results): Part {
  const columns = columnsOf(results);
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
            ...headsOf(columns).map((head) => el('th', { scope: 'col' }, cleanText(head))),
          ),
        ),
        el('tbody', {}, ...cells.map((cell) => rowOf(el, cell, columns))),
      ),
    ),
  );
}

function rowOf(el: El, cell: Cell, columns: readonly CellColumn[]): Part {
  const { policy } = cell.contestant;
  const head = el('th', { scope: 'row' }, cleanText(policy));
  const outcome = outcomeOf(cell);
  const row =
    outcome === null
      ? columns.map(({ of }) => el('td', {}, withInterval(of(cell))))
      : [el('td', { colspan: String(columns.length) }, cleanText(outcome))];
  return el('tr', { 'data-policy': policy }, head, ...row);
}
