/**
 * A run for a terminal: warnings, the table, what it was measured on, a sentence per case, and the whole in short. What
 * is printed last is read first.
 */
import pc from 'picocolors';
import type { Cell, Results } from '../documents/results.js';
import { factsOf } from './about.js';
import { caseKey, casesOf, outcomeOf, titleOf } from '../documents/cases.js';
import { sum } from '../stats/moments.js';
import { cleanText } from '../text/clean.js';
import { columnsOf, headsOf } from './columns.js';
import { cut, lengthOf, tableOf, wrap, type Colors, type Column } from './table.js';

export interface ConsoleOptions {
  color: boolean;
  /** The width of the terminal, in columns. */
  width: number;
}

export function renderConsole(results: Results, { color, width }: ConsoleOptions): string {
  const c = pc.createColors(color);
  const groups = casesOf(results);
  const layout = { groups, columns: terminalColumns(results), nameOf, insteadOf };
  const warnings = results.warnings.map((warning) => {
    const label = cleanText(warning.label);
    const text = wrap(`${label}: ${cleanText(warning.text)}`, width, '');
    return text.replace(label, () => c.bold(c.yellow(label)));
  });
  const sentences = results.says.map((says) => {
    const remarks = says.remarks.map((text) => c.yellow(wrap(cleanText(text), width, '  ')));
    const sentence = wrap(cleanText(says.sentence), width, '  ');
    return [c.bold(cleanText(titleOf(says))), sentence, ...remarks].join('\n');
  });
  const facts = factsOf(results).map(({ label, text }) =>
    c.dim(wrap(`${label}: ${cleanText(text)}`, width, '  ').trimStart()),
  );
  const summary = results.summary.map(({ label, text }) => {
    const name = cleanText(label);
    return wrap(`${name}: ${cleanText(text)}`, width, '  ')
      .trimStart()
      .replace(name, () => c.bold(name));
  });
  const noise =
    results.noise === null ? [] : [c.dim(wrap(cleanText(results.noise.sentence), width, ''))];
  return [
    [...warnings, ...noise],
    [groups.length === 0 ? 'No cell was planned.' : tableOf(layout, c, width)],
    facts,
    sentences,
    summary,
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** What the table of a run is made of. */
type Measured = Pick<Results, 'reference' | 'load' | 'race' | 'cells'>;

/**
 * The table while the run goes on, in lines: as many as fit, with those of the case that is measured. No lines before
 * there is a number, or in a terminal that is too narrow.
 */
export function renderSoFar(
  measured: Measured,
  { color, width, height }: ConsoleOptions & { height: number },
  at: Pick<Cell, 'workload' | 'params'>,
): string[] {
  if (measured.cells.every(({ rounds }) => rounds.length === 0)) return [];
  const groups = casesOf(measured);
  const columns = terminalColumns(measured);
  const waits = ({ status, rounds }: Cell): boolean => status === 'ok' && rounds.length === 0;
  const instead = (cell: Cell, c: Colors) => (waits(cell) ? null : insteadOf(cell, c));
  const layout = { groups, columns, nameOf, insteadOf: instead };
  const [head = '', ...rows] = tableOf(layout, pc.createColors(color), width).split('\n');
  const room = height - 1;
  if (room < 1 || [head, ...rows].some((line) => lengthOf(line) > width)) return [];
  const now = groups.findIndex(({ cells: [first] }) => first && caseKey(first) === caseKey(at));
  const before = sum(groups.slice(0, now), ({ cells }) => cells.length + 1);
  const from = Math.max(0, Math.min(before, rows.length - room));
  return [head, ...rows.slice(from, from + room)];
}

/** An interval has a column of its own, so that it can be left out. */
function terminalColumns(results: Measured): Column<Cell>[] {
  const shown = columnsOf(results).filter(({ rank }) => rank !== undefined);
  const heads = headsOf(shown);
  return shown.flatMap(({ id, rank = 0, intervalRank, of }, at): Column<Cell>[] => {
    const head = cut(cleanText(heads[at] as string));
    const paint = id === 'ratio' ? paintRatio : (text: string) => text;
    const point: Column<Cell> = {
      head,
      rank,
      align: 'right',
      of: (cell, c) => paint(of(cell)?.text ?? '', cell, c),
    };
    if (intervalRank === undefined) return [point];
    const interval: Column<Cell> = {
      head: '95% interval',
      rank: intervalRank,
      align: 'left',
      of: (cell, c) => {
        const text = of(cell)?.interval;
        return text === undefined ? '' : c.dim(text);
      },
    };
    return [point, interval];
  });
}

function paintRatio(text: string, { verdict }: Cell, c: Colors): string {
  if (verdict === 'faster') return c.green(text);
  return verdict === 'slower' ? c.red(text) : text;
}

/** The policy's name, and a mark if its measurement was cut short. */
function nameOf({ contestant, status, throughput }: Cell, c: Colors): string {
  const mark = status === 'aborted' && throughput !== null ? c.yellow(' (aborted)') : '';
  return cut(cleanText(contestant.policy)) + mark;
}

function insteadOf(cell: Cell, c: Colors) {
  const text = outcomeOf(cell);
  return text === null ? null : { text, paint: cell.status === 'failed' ? c.red : c.yellow };
}
