/** A sweep for a terminal and for GitHub: sentences, the table, and what it was measured on. */
import pc from 'picocolors';
import type { Sweep } from '../../documents/sweep.js';
import { factsOf } from '../../report/about.js';
import { cleanMarkdown, cleanText } from '../../text/clean.js';
import { markdownTable } from '../../text/markdown.js';
import type { ConsoleOptions } from '../../report/console.js';
import { plainTable, wrap } from '../../report/table.js';
import { headOf, rowsOf } from './table.js';

export function renderSweep(sweep: Sweep, { color, width }: ConsoleOptions): string {
  const c = pc.createColors(color);
  const table = plainTable(headOf(sweep).map(cleanText), rowsOf(sweep), 0);
  const failures = failuresOf(sweep).map(cleanText);
  return [
    sweep.results.warnings.map(({ label, text }) =>
      c.yellow(wrap(cleanText(`${label}: ${text}`), width, '')),
    ),
    [table],
    [...sweep.curves.map(({ sentence }) => cleanText(sentence)), ...failures].map((text) =>
      wrap(text, width, '  ').trimStart(),
    ),
    factsOf(sweep.results).map(({ label, text }) =>
      c.dim(wrap(`${label}: ${cleanText(text)}`, width, '  ').trimStart()),
    ),
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

export function renderSweepMarkdown(sweep: Sweep): string {
  const table = markdownTable(headOf(sweep).map(cleanMarkdown), rowsOf(sweep), 0);
  const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
  return [
    `# ${cleanMarkdown(titleOf(sweep))}`,
    ...sweep.results.warnings.map(
      ({ label, text }) => `**${cleanMarkdown(label)}:** ${cleanMarkdown(text)}`,
    ),
    list([
      ...sweep.curves.map(({ sentence }) => cleanMarkdown(sentence)),
      ...failuresOf(sweep).map(cleanMarkdown),
    ]),
    table.join('\n'),
    list(factsOf(sweep.results).map(({ label, text }) => `${label}: ${cleanMarkdown(text)}`)),
  ]
    .filter((block) => block !== '')
    .map((block) => `${block}\n`)
    .join('\n');
}

export function titleOf({ workload, parameter: { name, from, to } }: Sweep): string {
  return `${workload}, ${name} from ${from} to ${to}`;
}

/** Each reason once, however many points it affected. */
export function failuresOf({ results: { cells } }: Sweep): string[] {
  const reasons = cells
    .filter(({ status, reason }) => status !== 'ok' && status !== 'aborted' && reason !== null)
    .map(({ contestant, status, reason }) => `${contestant.policy} ${status}: ${reason}`);
  return [...new Set(reasons)];
}
