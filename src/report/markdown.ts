/** A run for GitHub: what `report.md` holds. Tables, a sentence per case, and how to read them. */
import type { Cell, Estimate, Results } from '../documents/results.js';
import { factsOf, warningsOf } from './about.js';
import { casesOf, outcomeOf, type CaseGroup } from '../documents/cases.js';
import { cleanMarkdown } from '../text/clean.js';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatNumber,
  formatRatio,
  formatShare,
  microsecondScale,
} from '../text/format.js';
import { remarksOf } from '../analysis/remarks.js';
import { sentenceOf } from '../analysis/sentences.js';

export function renderMarkdown(results: Results): string {
  const reference = cleanMarkdown(results.reference);
  const warnings = warningsOf(results).map(({ label, text }) => `> **${label}:** ${text}`);
  const facts = factsOf(results).map(({ label, text }) => `- ${label}: ${cleanMarkdown(text)}`);
  const cases = casesOf(results).map((group) => caseSection(group, results));
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

function caseSection(group: CaseGroup, results: Results): string {
  const { reference } = results;
  const title = cleanMarkdown(group.title);
  return [
    `### ${title} (${group.kind})`,
    '',
    ...table(
      ['policy', 'jobs/s', `vs ${cleanMarkdown(reference)}`, 'CPU per job', 'latency p50', 'p99'],
      group.cells.map(rowOf),
    ),
    '',
    // The name at its head keeps a policy called `1.` or `-` from making this a list.
    `**${title}:** ${sentenceOf(group, reference, cleanMarkdown)}`,
    ...remarksOf(group, results, cleanMarkdown).map((text) => `\n> ${text}`),
    '',
    ...detailsOf(group),
  ].join('\n');
}

function rowOf(cell: Cell): string[] {
  const policy = cleanMarkdown(cell.contestant.policy);
  const outcome = outcomeOf(cell);
  if (outcome !== null) return [policy, cleanMarkdown(outcome), '', '', '', ''];
  const { throughput, ratio, cpuPerJob, latency } = cell;
  return [
    cell.status === 'aborted' ? `${policy} (aborted)` : policy,
    throughput === null
      ? ''
      : withInterval(formatNumber(throughput.point), formatInterval(throughput)),
    ratio === null ? '' : withInterval(formatRatio(ratio).point, formatRatio(ratio).interval),
    cpuPerJob === null ? '' : cpu(cpuPerJob),
    latency === null ? '' : formatDuration(latency.p50),
    latency === null ? '' : formatDuration(latency.p99),
  ];
}

/** Everything else that was measured, folded away. */
function detailsOf({ cells }: CaseGroup): string[] {
  const measured = cells.filter((cell) => outcomeOf(cell) === null);
  if (measured.length === 0) return [];
  const open = measured.some(({ wait }) => wait !== null);
  const head = [
    'policy',
    'latency p90',
    'p99.9',
    'max',
    'lag p50',
    'p99',
    'max',
    'CPU user',
    'system',
    'peak memory',
    'growth',
    'GC',
    'switches per job',
    'first job',
    'outliers',
    ...(open ? ['wait p50', 'p99', 'service p50', 'p99'] : []),
  ];
  return [
    '<details><summary>More</summary>',
    '',
    ...table(
      head,
      measured.map((cell) => [...detailRowOf(cell), ...(open ? partsOf(cell) : [])]),
    ),
    '',
    '</details>',
  ];
}

function detailRowOf(cell: Cell): string[] {
  const { latency, lag, cpuPerJob, memory, gc, switches, firstJob, outliers } = cell;
  const us = (value: number): string => formatDuration(value / 1000);
  return [
    cleanMarkdown(cell.contestant.policy),
    ...(latency === null
      ? ['', '', '']
      : [latency.p90, latency.p999, latency.max].map(formatDuration)),
    ...(lag === null ? ['', '', ''] : [lag.p50, lag.p99, lag.max].map(formatDuration)),
    ...(cpuPerJob === null ? ['', ''] : [us(cpuPerJob.user), us(cpuPerJob.system)]),
    ...(memory === null
      ? ['', '']
      : [formatBytes(memory.peakBytes), signed(memory.growthBytes, formatBytes)]),
    gc === null ? '' : `${gc.count} (${formatShare(gc.share)})`,
    switches === null
      ? ''
      : `${formatNumber(switches.voluntaryPerJob, 2)} + ${formatNumber(switches.involuntaryPerJob, 2)}`,
    firstJob === null ? '' : formatDuration(firstJob.point),
    outliers === null
      ? ''
      : `${outliers.mild} + ${outliers.severe} of ${formatCount(outliers.samples)}`,
  ];
}

/** Of an open loop: until the job was submitted, and from there. */
function partsOf({ wait, service }: Cell): string[] {
  return [wait, service].flatMap((part) =>
    part === null ? ['', ''] : [part.p50, part.p99].map(formatDuration),
  );
}

function signed(value: number, format: (value: number) => string): string {
  return value < 0 ? `−${format(-value)}` : format(value);
}

function table(head: readonly string[], rows: readonly string[][]): string[] {
  return [row(head), row(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(row)];
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
