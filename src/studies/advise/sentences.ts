/**
 * Advice for a user who has to choose a policy: a paragraph in which every sentence names the cells it rests on. It
 * claims no more than the intervals allow.
 */
import type { Cell, Results } from '../../documents/results.js';
import type { Sweep } from '../../documents/sweep.js';
import { outcomeOf, titleOf } from '../../documents/cases.js';
import { formatBytes, formatDuration, formatNumber, formatRatio } from '../../text/format.js';
import { byRate, byTail, leadOf, type Lead, type Versus } from './lead.js';

export interface Sentence {
  readonly topic: 'throughput' | 'tail' | 'lag' | 'memory' | 'size' | 'certainty' | 'missing';
  readonly text: string;
  /** The cells that the sentence rests on, for example `primes · workers`. */
  readonly cells: readonly string[];
}

/** The advice for one case. `sweep` shows from which size on the answer changes. */
export function adviceOf(results: Results, sweep: Sweep | null): Sentence[] {
  const cells = results.cells.filter((cell) => outcomeOf(cell) === null);
  return [
    ...leader(cells, byRate, 'throughput'),
    ...leader(cells, byTail, 'tail'),
    ...lagOf(cells),
    ...memoryOf(cells, results.reference),
    ...sizeOf(sweep),
    ...certaintyOf(cells),
    ...missingOf(results),
  ];
}

const WHAT = {
  throughput: {
    figure: ({ throughput }: Cell) => `${formatNumber(throughput?.point ?? 0)} jobs/s`,
    best: 'does most',
    level: 'do most, and the rounds cannot tell them apart',
    over: (times: string, name: string) => `, ${times} as many as ${name}`,
  },
  tail: {
    figure: ({ latency }: Cell) => `p99 ${formatDuration(latency?.p99 ?? 0)}`,
    best: 'has the shortest tail',
    level: 'have the shortest tails, and the rounds cannot tell them apart',
    over: (times: string, name: string) => `; that of ${name} is ${times} as long`,
  },
} as const;

function leader(cells: readonly Cell[], versus: Versus, topic: keyof typeof WHAT): Sentence[] {
  const lead = leadOf(cells, versus);
  if (lead === null) return [];
  const words = WHAT[topic];
  const { best, level } = lead;
  const leaders = [best, ...level];
  const who = leaders.map((cell) => `${nameOf(cell)} (${words.figure(cell)})`);
  const claim = level.length === 0 ? words.best : words.level;
  const { text, cell } = overOf(lead, words.over);
  return [
    {
      topic,
      text: `${listed(who)} ${claim}${text}.`,
      cells: [...leaders, ...(cell === null ? [] : [cell])].map(citation),
    },
  ];
}

function overOf(
  { over }: Lead,
  words: (times: string, name: string) => string,
): { text: string; cell: Cell | null } {
  if (over === null) return { text: '', cell: null };
  const { cell, point, low, high } = over;
  const ratio = formatRatio({ point, low, high });
  const times = `${ratio.point} (${ratio.interval})`;
  return { text: words(times, nameOf(cell)), cell };
}

/** The delay that other work on the same loop pays. */
function lagOf(cells: readonly Cell[]): Sentence[] {
  const known = cells
    .filter(({ lag }) => lag !== null)
    .toSorted((a, b) => (a.lag?.p99 ?? 0) - (b.lag?.p99 ?? 0));
  const [least, most] = [known[0], known.at(-1)];
  if (least === undefined || most === undefined || least === most) return [];
  const late = (cell: Cell): string =>
    `${formatDuration(cell.lag?.p99 ?? 0)} under ${nameOf(cell)}`;
  return [
    {
      topic: 'lag',
      text: `While it runs, whatever else is on the loop waits up to ${late(least)} and ${late(most)} (99th percentile).`,
      cells: [least, most].map(citation),
    },
  ];
}

function memoryOf(cells: readonly Cell[], reference: string): Sentence[] {
  const standard = cells.find(({ contestant }) => contestant.policy === reference);
  const most = cells
    .filter(({ memory }) => memory !== null)
    .toSorted((a, b) => (b.memory?.peakBytes ?? 0) - (a.memory?.peakBytes ?? 0))[0];
  if (standard?.memory == null || most?.memory == null || most === standard) return [];
  const more = most.memory.peakBytes - standard.memory.peakBytes;
  return [
    {
      topic: 'memory',
      text: `${nameOf(most)} takes most memory: ${formatBytes(most.memory.peakBytes)} at its peak, ${formatBytes(more)} more than ${nameOf(standard)}.`,
      cells: [most, standard].map(citation),
    },
  ];
}

function sizeOf(sweep: Sweep | null): Sentence[] {
  if (sweep === null) return [];
  const { name, from, to } = sweep.parameter;
  return sweep.curves.map(({ policy, sentence: text }) => ({
    topic: 'size',
    text,
    cells: [`${sweep.workload}, ${name} ${from}–${to} · ${policy}`],
  }));
}

function certaintyOf(cells: readonly Cell[]): Sentence[] {
  const counts = cells.map(({ rounds }) => rounds.length);
  const fewest = Math.min(...counts);
  if (!Number.isFinite(fewest)) return [];
  const text =
    fewest < MANY
      ? `This rests on ${fewest} rounds of fresh processes: with a longer --budget the intervals get narrower.`
      : `This rests on ${fewest} rounds of fresh processes; intervals are at 95%.`;
  return [{ topic: 'certainty', text, cells: cells.map(citation) }];
}

/** From this number of rounds on, further rounds change little. */
const MANY = 8;

function missingOf({ cells }: Results): Sentence[] {
  return cells.flatMap((cell): Sentence[] => {
    const outcome = outcomeOf(cell);
    if (outcome === null) return [];
    const text = `${nameOf(cell)} is left out: ${outcome}.`;
    return [{ topic: 'missing', text, cells: [citation(cell)] }];
  });
}

function nameOf({ contestant }: Cell): string {
  return contestant.policy;
}

function citation(cell: Cell): string {
  return `${titleOf(cell)} · ${cell.contestant.policy}`;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
