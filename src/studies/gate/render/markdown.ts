/** A gate run for GitHub: `gate.md`, the job's summary and the pull request's comment. */
import type { GateDocument } from '../../../documents/gate.js';
import { cleanMarkdown } from '../../../text/clean.js';
import { markdownTable } from '../../../text/markdown.js';
import { HEAD, controlLine, findingsOf, numbersOf, summaryOf } from './words.js';

/** By this a comment is found again, to be updated and not repeated. */
export const MARKER = '<!-- loopdyno gate -->';

export function renderGateMarkdown(gate: GateDocument): string {
  const rows = gate.cells.map((row) => [cleanMarkdown(row.cell), row.verdict, ...numbersOf(row)]);
  const told = gate.cells.flatMap((row) =>
    [row.sentence, ...findingsOf(row)].map(
      (line) => `- **${cleanMarkdown(row.cell)}:** ${cleanMarkdown(line)}`,
    ),
  );
  const oneSided = gate.oneSided.map(
    ({ what, in: where }) => `- ${cleanMarkdown(what)} is in ${where} only: not gated`,
  );
  return [
    MARKER,
    `### loopdyno gate: ${gate.status}`,
    cleanMarkdown(summaryOf(gate)),
    markdownTable(HEAD, rows, 2).join('\n'),
    [...told, ...oneSided].join('\n'),
    cleanMarkdown(controlLine(gate)),
    'Shifts are of the time per job, head over base; + is slower. Which time: CPU time, or the median or the fastest ' +
      'tenth of the samples. A slowdown larger than what a cell could hide is ruled out. The column "median" is told ' +
      'and not judged.',
  ]
    .filter((block) => block !== '')
    .map((block) => `${block}\n`)
    .join('\n');
}
