/** A run for GitHub: what `report.md` holds. Tables, a sentence per case, and how to read them. */
import type { Cell, Estimate, Results } from '../schema/results.js';
import { factsOf, warningsOf } from './about.js';
import { casesOf, outcomeOf, type CaseGroup } from './cases.js';
import { cleanMarkdown } from './clean.js';
import { formatInterval, formatNumber, formatRatio, microsecondScale } from './format.js';
import { sentenceOf } from './sentences.js';

export function renderMarkdown(results: Results): string {
  const reference = cleanMarkdown(results.reference);
  const warnings = warningsOf(results).map(({ label, text }) => `> **${label}:** ${text}`);
  const facts = factsOf(results).map(({ label, text }) => `- ${label}: ${cleanMarkdown(text)}`);
  const cases = casesOf(results).map((group) => caseSection(group, results.reference));
  return [
    '# loopdyno report',
    ...warnings,
    facts.join('\n'),
    '## Results',
    ...(cases.length === 0 ? ['No cell was planned.'] : cases),
    '## How to read it',
    howToRead(reference),
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

function caseSection(group: CaseGroup, reference: string): string {
  const head = ['policy', 'jobs/s', `vs ${cleanMarkdown(reference)}`, 'CPU per job'];
  return [
    `### ${cleanMarkdown(group.title)} (${group.kind})`,
    '',
    row(head),
    row(['---', '--:', '--:', '--:']),
    ...group.cells.map((cell) => row(rowOf(cell))),
    '',
    // The name at its head keeps a policy called `1.` or `-` from making this a list.
    `**${cleanMarkdown(group.title)}:** ${sentenceOf(group, reference, cleanMarkdown)}`,
  ].join('\n');
}

function rowOf(cell: Cell): string[] {
  const policy = cleanMarkdown(cell.contestant.policy);
  const outcome = outcomeOf(cell);
  if (outcome !== null) return [policy, cleanMarkdown(outcome), '', ''];
  const { throughput, ratio, cpuPerJob } = cell;
  return [
    cell.status === 'aborted' ? `${policy} (aborted)` : policy,
    throughput === null
      ? ''
      : withInterval(formatNumber(throughput.point), formatInterval(throughput)),
    ratio === null ? '' : withInterval(formatRatio(ratio).point, formatRatio(ratio).interval),
    cpuPerJob === null ? '' : cpu(cpuPerJob),
  ];
}

function cpu(estimate: Estimate): string {
  const { unit, format } = microsecondScale(estimate.point);
  return withInterval(`${format(estimate.point)} ${unit}`, formatInterval(estimate, format));
}

function withInterval(point: string, interval: string): string {
  return interval === '' ? point : `${point} (${interval})`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function howToRead(reference: string): string {
  return [
    `- **jobs/s**: how many jobs a second of work completes; more is better.`,
    `- **vs ${reference}**: the policy's rate over that of ${reference}, each pair measured within`,
    '  the same turn, some milliseconds apart. 1.42× does 42% more jobs in the same time. Trust it',
    '  over a quotient of two jobs/s: what slows the whole machine down cancels in it.',
    '- **CPU per job**: processor time of the whole process, all its threads, user and system.',
    '  A policy with several threads may do more jobs and still spend more on each.',
    '- **In brackets**: the 95% interval over rounds. Every round starts fresh processes, since',
    '  processes of the same code differ more than samples within one. "One round" is too few for',
    '  an interval.',
    '- **No difference larger than X%**: the interval includes 1, so no difference is claimed; one',
    '  of more than X% can be ruled out.',
    '- All contestants of a case return a digest of their results. One whose digest differs has',
    '  done other work: it has failed, and has no numbers.',
  ].join('\n');
}
