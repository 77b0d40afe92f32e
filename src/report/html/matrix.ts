/** The matrix of policies and cases, coloured by the ratio to the reference if a difference is claimed. */
import type { Cell, Results } from '../../documents/results.js';
import { outcomeOf, type CaseGroup } from '../../documents/cases.js';
import { cleanText } from '../../text/clean.js';
import { formatNumber, formatRatio } from '../../text/format.js';
import type { Content, El } from './elements.js';

/** A ratio of this size, or its inverse, gets the deepest colour. */
const DEEPEST = 4;

export function matrixOf(el: El, { cells, reference }: Results, groups: readonly CaseGroup[]) {
  const policies = [...new Set(cells.map(({ contestant }) => contestant.policy))];
  const head = (policy: string) =>
    el('th', { scope: 'col', 'data-policy': policy }, cleanText(policy));
  return el(
    'div',
    { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Rates, a table' },
    el(
      'table',
      { class: 'matrix' },
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'case'), ...policies.map(head))),
      el(
        'tbody',
        {},
        ...groups.map((group, at) =>
          el(
            'tr',
            { 'data-kind': group.kind, 'data-workload': group.cells[0]?.workload ?? '' },
            el('th', { scope: 'row' }, el('a', { href: `#case-${at}` }, cleanText(group.title))),
            ...policies.map((policy) => {
              const cell = group.cells.find(({ contestant }) => contestant.policy === policy);
              return el(
                'td',
                { 'data-policy': policy, ...colourOf(cell) },
                ...textOf(el, cell, reference),
              );
            }),
          ),
        ),
      ),
    ),
  );
}

function textOf(el: El, cell: Cell | undefined, reference: string): Content[] {
  if (cell === undefined) return ['–'];
  if (outcomeOf(cell) !== null)
    return [el('span', { title: cleanText(cell.reason ?? '') }, cell.status)];
  if (cell.contestant.policy === reference) {
    return cell.throughput === null
      ? ['1×']
      : ['1×', el('small', {}, `${formatNumber(cell.throughput.point)} jobs/s`)];
  }
  if (cell.ratio === null) return ['–'];
  const { point, interval } = formatRatio(cell.ratio);
  return [point, el('small', {}, interval)];
}

function colourOf(cell: Cell | undefined): Record<string, string> {
  if (cell?.ratio == null || (cell.verdict !== 'faster' && cell.verdict !== 'slower')) return {};
  const depth = Math.min(1, Math.abs(Math.log(cell.ratio.point)) / Math.log(DEEPEST));
  return {
    class: cell.verdict,
    style: `--depth: ${Math.round(12 + depth * 48)}%`,
  };
}
