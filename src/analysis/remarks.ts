/**
 * Reasons to trust a case's numbers less, one sentence each: a fixture that was nearly as busy as it can be,
 * contestants that mostly waited, and contestants that were still getting faster while they were measured.
 */
import { caseKey, type CaseGroup, outcomeOf } from '../documents/cases.js';
import type { Cell, Results } from '../documents/results.js';
import { hostRemarks } from './host-words.js';
import { formatNumber, formatShare } from '../text/format.js';

/** From this share of its ceiling on, a fixture may limit the throughput. */
const NEAR = 0.7;

/** With fewer busy cores than this, a contestant was idle for most of the time. */
const BUSY = 0.5;

export function remarksOf(
  { cells }: Pick<CaseGroup, 'cells'>,
  { ceilings, load, race, merged }: Pick<Results, 'ceilings' | 'load' | 'race' | 'merged'>,
): string[] {
  return [
    ...hostRemarks(cells, merged),
    ...nearCeiling(cells, ceilings),
    // A command has what it waits for in itself.
    ...(load === null && race?.kind !== 'command' ? mostlyWaiting(cells) : []),
    ...stillRising(cells),
  ];
}

function nearCeiling(cells: readonly Cell[], ceilings: Results['ceilings']): string[] {
  const [first] = cells;
  if (first === undefined) return [];
  const ceiling = ceilings.find((each) => caseKey(each) === caseKey(first));
  if (ceiling === undefined) return [];
  const near = cells.filter(
    (cell) =>
      outcomeOf(cell) === null &&
      cell.throughput !== null &&
      cell.throughput.point > NEAR * ceiling.jobsPerSecond,
  );
  const [fastest] = near.toSorted((a, b) => rate(b) - rate(a));
  if (fastest === undefined) return [];
  const names = near.map(({ contestant }) => contestant.policy).join(', ');
  return [
    `The ${ceiling.unit} come from a process that can do about ` +
      `${formatNumber(ceiling.perSecond)} a second, and ${names} came near that ` +
      `(${formatShare(rate(fastest) / ceiling.jobsPerSecond)}): how far ahead they are may be ` +
      'understated. CPU per job is not affected.',
  ];
}

function rate({ throughput }: Cell): number {
  return throughput?.point ?? 0;
}

/** In a closed loop the rate of such contestants follows from how long jobs take, and not from what they cost. */
function mostlyWaiting(cells: readonly Cell[]): string[] {
  const waiting = cells.flatMap((cell) => {
    if (outcomeOf(cell) !== null || cell.throughput === null || cell.cpuPerJob === null) return [];
    const cores = (rate(cell) * cell.cpuPerJob.point) / 1e6;
    return cores < BUSY ? [`${cell.contestant.policy} (${formatShare(cores)} of a core)`] : [];
  });
  if (waiting.length === 0) return [];
  return [
    `Mostly waiting: ${waiting.join(', ')}. More jobs in flight would give a higher rate; what a job ` +
      'costs is told by CPU per job.',
  ];
}

function stillRising(cells: readonly Cell[]): string[] {
  const rising = cells.flatMap(({ contestant, rounds }) => {
    const count = rounds.filter(({ warm }) => !warm.flat).length;
    return count === 0 ? [] : [`${contestant.policy} in ${count} of ${rounds.length} rounds`];
  });
  if (rising.length === 0) return [];
  return [
    'The warm-up ended without evidence of a steady state: ' +
      `${rising.join(', ')} (--warm-up gives longer).`,
  ];
}
