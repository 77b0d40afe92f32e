/** A gate run for a terminal: a table, what each verdict says, and the whole in one line. */
import pc from 'picocolors';
import type { GateDocument, GateRow } from '../../../documents/gate.js';
import { cleanText } from '../../../text/clean.js';
import { plainTable } from '../../../report/table.js';
import { HEAD, controlLine, findingsOf, numbersOf, summaryOf } from './words.js';

export function renderGate(gate: GateDocument, { color }: { color: boolean }): string {
  const c = pc.createColors(color);
  const paint = (row: GateRow): string => {
    if (row.verdict === 'slower' || row.verdict === 'failed') return c.red(row.verdict);
    return row.verdict === 'not slower' ? c.green(row.verdict) : c.yellow(row.verdict);
  };
  const rows = gate.cells.map((row) => [cleanText(row.cell), paint(row), ...numbersOf(row)]);
  const told = gate.cells
    .filter(({ verdict }) => verdict !== 'not slower')
    .map(({ cell, sentence }) => `${cleanText(cell)}: ${cleanText(sentence)}`);
  const findings = gate.cells.flatMap((row) =>
    findingsOf(row).map((line) => `${cleanText(row.cell)}: ${cleanText(line)}`),
  );
  return [
    plainTable(['', ...HEAD.slice(1)], rows, 2),
    ...told,
    ...findings,
    ...gate.oneSided.map(
      ({ what, in: where }) => `${cleanText(what)} is in ${where} only: not gated`,
    ),
    controlLine(gate),
    `${c.bold(summaryOf(gate))}\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}
