/** A run for GitHub, the content of `report.md`: the whole in short, tables, a sentence per case, and how to read them. */
import type { Cell, Results } from '../documents/results.js';
import { factsOf, isAveraged } from './about.js';
import { casesOf, outcomeOf, saysOf, type CaseGroup } from '../documents/cases.js';
import { cleanMarkdown } from '../text/clean.js';
import { columnsOf, headsOf, withInterval, type CellColumn } from './columns.js';
import { markdownTable } from '../text/markdown.js';

export function renderMarkdown(results: Results): string {
  const reference = cleanMarkdown(results.reference);
  const warnings = results.warnings.map(
    ({ label, text }) => `> **${cleanMarkdown(label)}:** ${cleanMarkdown(text)}`,
  );
  const facts = factsOf(results).map(({ label, text }) => `- ${label}: ${cleanMarkdown(text)}`);
  const summary = results.summary.map(
    ({ label, text }) => `- **${cleanMarkdown(label)}:** ${cleanMarkdown(text)}`,
  );
  const cases = casesOf(results).map((group) => caseSection(group, results));
  return [
    '# loopdyno report',
    ...warnings,
    ...(results.noise === null ? [] : [cleanMarkdown(results.noise.sentence)]),
    ...(summary.length === 0 ? [] : ['## In short', summary.join('\n'), '## Measured on']),
    facts.join('\n'),
    '## Results',
    ...(cases.length === 0 ? ['No cell was planned.'] : cases),
    '## How to read it',
    howToRead(reference, isAveraged(results)),
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

function caseSection(group: CaseGroup, results: Results): string {
  const title = cleanMarkdown(group.title);
  const says = saysOf(results, group);
  const columns = columnsOf(results);
  return [
    `### ${title} (${group.kind})`,
    '',
    ...tableOf(
      columns.filter(({ main }) => main === true),
      group.cells,
    ),
    '',
    // The case's name comes first, so that a policy called `1.` or `-` does not make this a list.
    `**${title}:** ${cleanMarkdown(says.sentence)}`,
    ...says.remarks.map((text) => `\n> ${cleanMarkdown(text)}`),
    '',
    ...detailsOf(
      columns.filter(({ main }) => main !== true),
      group,
    ),
  ].join('\n');
}

/** All other figures, folded away. */
function detailsOf(columns: readonly CellColumn[], { cells }: CaseGroup): string[] {
  const measured = cells.filter((cell) => outcomeOf(cell) === null);
  if (measured.length === 0) return [];
  return ['<details><summary>More</summary>', '', ...tableOf(columns, measured), '', '</details>'];
}

function tableOf(columns: readonly CellColumn[], cells: readonly Cell[]): string[] {
  const heads = headsOf(columns).map(cleanMarkdown);
  return markdownTable(
    ['policy', ...heads],
    cells.map((cell) => {
      const policy = cleanMarkdown(cell.contestant.policy);
      const outcome = outcomeOf(cell);
      if (outcome !== null)
        return [policy, cleanMarkdown(outcome), ...heads.slice(1).map(() => '')];
      const name = cell.status === 'aborted' ? `${policy} (aborted)` : policy;
      return [name, ...columns.map((column) => withInterval(column.of(cell)))];
    }),
  );
}

function howToRead(reference: string, averaged: boolean): string {
  return [
    ...(averaged ? HOSTS : []),
    `- **jobs/s**: how many jobs a second of work completes; more is better.`,
    `- **vs ${reference}**: the policy's rate over that of ${reference}, each pair measured within`,
    '  the same few turns, one after the other. 1.42× does 42% more jobs in the same time. Trust it',
    '  over a quotient of two jobs/s: what slows the whole machine down cancels in it.',
    '- **CPU per job**: processor time of the whole process, all its threads and (on Linux) its child',
    '  processes, user and system.',
    '  A policy with several threads may do more jobs and still spend more on each.',
    '- **latency**: from when a job was asked for until its result was there, over the jobs of all',
    '  rounds, in a closed loop: a next job is asked for when one is done. With a **Load** below, the loop is',
    '  open: from the intended arrival, **wait** until it was submitted and **service** from there.',
    '- **lag**: how late a heartbeat every 2 ms under the policy\u2019s own timers was, each beat from',
    '  when it was due: what everybody else on that loop waits while this runs. A beat that is still',
    '  kept waiting when the slice ends counts with what it has waited by then.',
    '- **peak memory** is of the process without its child processes, **growth** what it had more after the slices than',
    '  before; **GC** counts the main thread\u2019s collections, with their share of a job\u2019s time;',
    '  **switches** are context switches, those it asked for + those it did not.',
    '- **first job**: from the start of the process until its first job was done.',
    '- **outliers**: samples more than 1.5 + more than 3 interquartile ranges outside the quartiles',
    '  of their round. They are counted, and kept.',
    '- **In brackets**: the 95% interval over rounds. Every round starts fresh processes, since',
    '  processes of the same code differ more than samples within one. "One round" is too few for',
    '  an interval.',
    '- **No difference larger than X%**: the interval includes 1, so no difference is claimed; one',
    '  of more than X% can be ruled out.',
    '- All contestants of a case return a digest of their results. One whose digest differs has',
    '  done other work: it has failed, and has no numbers.',
  ].join('\n');
}

const HOSTS = [
  '- **Hosts**: each ratio is the mean over hosts, with the host as a random effect (Paule and Mandel), and its',
  '  interval is Hartung and Knapp’s. It is about hosts like these, and not about one of them. Rates and times are of',
  '  a machine, and are not averaged.',
  '- **hosts differ by**: the standard deviation of the ratio from host to host, beyond the noise of rounds.',
];
