/** Annotations of a GitHub job: lines on stdout that its runner reads. */
import type { GateDocument } from '../../../documents/gate.js';
import { cleanText } from '../../../text/clean.js';
import { summaryOf } from './words.js';

export function renderAnnotations(gate: GateDocument): string {
  const lines = gate.cells.flatMap(({ cell, verdict, sentence }) => {
    if (verdict === 'slower' || verdict === 'failed') return [line('error', cell, sentence)];
    return verdict === 'accepted' ? [line('warning', cell, sentence)] : [];
  });
  if (gate.status === 'not measured') {
    lines.push(line('error', 'loopdyno gate: not measured', summaryOf(gate)));
  }
  return lines.map((each) => `${each}\n`).join('');
}

function line(level: 'error' | 'warning', title: string, message: string): string {
  const data = (text: string): string =>
    cleanText(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = data(title).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=${property}::${data(message)}`;
}
