/** A sweep for a terminal and for GitHub: what it says, then its table, then what it was measured on. */
import Table from 'cli-table3';
import pc from 'picocolors';
import type { Sweep } from '../../documents/sweep.js';
import { factsOf, warningsOf } from '../../report/about.js';
import { cleanMarkdown, cleanText } from '../../text/clean.js';
import type { ConsoleOptions } from '../../report/console.js';
import { noBorders, wrap } from '../../report/table.js';
import { sentencesOf } from './sentences.js';
import { headOf, rowsOf } from './table.js';

export function renderSweep(sweep: Sweep, { color, width }: ConsoleOptions): string {
  const c = pc.createColors(color);
  const head = headOf(sweep, cleanText);
  const table = new Table({
    head,
    style: { head: [], border: [] },
    chars: noBorders,
    colAligns: head.map(() => 'right'),
  });
  for (const { x, rounds, reference, ratios } of rowsOf(sweep)) {
    table.push([x, rounds, reference, ...ratios]);
  }
  const failures = failuresOf(sweep).map(cleanText);
  return [
    warningsOf(sweep.results).map(({ label, text }) =>
      c.yellow(wrap(`${label}: ${text}`, width, '')),
    ),
    [table.toString()],
    [...sentencesOf(sweep, cleanText), ...failures].map((text) =>
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
  const head = headOf(sweep, cleanMarkdown);
  const rows = rowsOf(sweep).map(
    ({ x, rounds, reference, ratios }) => `| ${[x, rounds, reference, ...ratios].join(' | ')} |`,
  );
  const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
  return [
    `# ${cleanMarkdown(titleOf(sweep))}`,
    ...warningsOf(sweep.results).map(({ label, text }) => `**${label}:** ${cleanMarkdown(text)}`),
    list([...sentencesOf(sweep, cleanMarkdown), ...failuresOf(sweep).map(cleanMarkdown)]),
    [`| ${head.join(' | ')} |`, `|${' ---: |'.repeat(head.length)}`, ...rows].join('\n'),
    list(factsOf(sweep.results).map(({ label, text }) => `${label}: ${cleanMarkdown(text)}`)),
  ]
    .filter((block) => block !== '')
    .map((block) => `${block}\n`)
    .join('\n');
}

export function titleOf({ workload, parameter: { name, from, to } }: Sweep): string {
  return `${workload}, ${name} from ${from} to ${to}`;
}

/** Each reason once, however many points it took. */
export function failuresOf({ results: { cells } }: Sweep): string[] {
  const reasons = cells
    .filter(({ status, reason }) => status !== 'ok' && status !== 'aborted' && reason !== null)
    .map(({ contestant, status, reason }) => `${contestant.policy} ${status}: ${reason}`);
  return [...new Set(reasons)];
}
