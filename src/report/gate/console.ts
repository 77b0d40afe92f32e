/** A gate run for a terminal: a table, what each verdict says, and the whole in one line. */
import Table from 'cli-table3';
import pc from 'picocolors';
import { percent, signed } from '../../gate/sentences.js';
import type { GateDocument, GateRow } from '../../schema/gate.js';
import { cleanText } from '../clean.js';
import { formatElapsed } from '../format.js';

export function renderGate(gate: GateDocument, { color }: { color: boolean }): string {
  const c = pc.createColors(color);
  const table = new Table({
    head: ['', 'verdict', 'shift', 'interval', 'MDE', 'median', 'pairs'],
    style: { head: [], border: [], compact: true },
    chars: BARE,
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
  });
  const paint = (row: GateRow): string => {
    if (row.verdict === 'slower' || row.verdict === 'failed') return c.red(row.verdict);
    return row.verdict === 'not slower' ? c.green(row.verdict) : c.yellow(row.verdict);
  };
  for (const row of gate.cells) table.push([cleanText(row.cell), paint(row), ...numbersOf(row)]);
  const told = gate.cells
    .filter(({ verdict }) => verdict !== 'not slower')
    .map(({ cell, sentence }) => `${cleanText(cell)}: ${cleanText(sentence)}`);
  return [
    table.toString(),
    ...told,
    ...gate.oneSided.map(
      ({ what, in: where }) => `${cleanText(what)} is in ${where} only: not gated`,
    ),
    controlLine(gate),
    `${c.bold(summaryOf(gate))}\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** As every reporter shows them: shift, interval, MDE, the median's shift, pairs. */
export function numbersOf({ shift, low, high, mde, pairs, advisory }: GateRow): string[] {
  const { screen, confirm } = pairs;
  return [
    shift === null ? '' : signed(shift),
    low === null || high === null ? '' : `${signed(low)} to ${signed(high)}`,
    mde === null ? '' : percent(mde),
    advisory.median.shift === null ? '' : signed(advisory.median.shift),
    confirm.length === 0 ? `${screen.length}` : `${screen.length} + ${confirm.length}`,
  ];
}

export function controlLine({ control }: GateDocument): string {
  if (control === null) return 'No control was measured.';
  const { shift, p, moved, pairs } = control;
  const how = moved ? 'MOVED' : 'stood still';
  return `The control ${how}: ${signed(shift)}, p ${p.toPrecision(2)}, ${pairs.length} pairs.`;
}

export function summaryOf(gate: GateDocument): string {
  const count = (verdict: GateRow['verdict']): string[] => {
    const found = gate.cells.filter((row) => row.verdict === verdict).length;
    return found === 0 ? [] : [`${found} ${verdict}`];
  };
  const counts = (
    ['slower', 'failed', 'accepted', 'not slower', 'unresolved', 'not comparable'] as const
  ).flatMap(count);
  const short = (commit: string | null): string => commit?.slice(0, 12) ?? 'a folder';
  const head = `${short(gate.head.commit)}${gate.head.dirty === true ? ' with changes' : ''}`;
  const whole = gate.reason === null ? gate.status : `${gate.status}: ${gate.reason}`;
  const of = `${head} against ${short(gate.base.commit)} (${gate.base.because})`;
  const cells = counts.length === 0 ? '' : `; ${counts.join(', ')}`;
  return `${whole.toUpperCase().slice(0, 1)}${whole.slice(1)}: ${of}${cells}; ${formatElapsed(gate.elapsedMs)}`;
}

const NONE = '';
const BARE = {
  top: NONE,
  'top-mid': NONE,
  'top-left': NONE,
  'top-right': NONE,
  bottom: NONE,
  'bottom-mid': NONE,
  'bottom-left': NONE,
  'bottom-right': NONE,
  left: NONE,
  'left-mid': NONE,
  mid: NONE,
  'mid-mid': NONE,
  right: NONE,
  'right-mid': NONE,
  middle: ' ',
};
