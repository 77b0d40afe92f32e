/** What all reporters of a gate run say alike. */
import type { GateDocument, GateRow } from '../../../documents/gate.js';
import {
  formatBound,
  formatSignedEffect,
  formatElapsed,
  formatNumber,
} from '../../../text/format.js';

export const HEAD = [
  'cell',
  'verdict',
  'time',
  'shift',
  'interval',
  'could hide',
  'median',
  'pairs',
];

const TIMES = { cpu: 'CPU', typical: 'median', fast: 'fastest tenth' } as const;

/** As every reporter shows them: which time per job is compared, shift, interval, what could be hidden, the median's shift, pairs. */
export function numbersOf({
  quantity,
  shift,
  low,
  high,
  bound,
  pairs,
  advisory,
}: GateRow): string[] {
  return [
    TIMES[quantity],
    shift === null ? '' : formatSignedEffect(shift),
    low === null || high === null
      ? ''
      : `${formatSignedEffect(low)} to ${formatSignedEffect(high)}`,
    bound === null ? '' : `< ${formatBound(bound)}`,
    advisory.median.shift === null ? '' : formatSignedEffect(advisory.median.shift),
    `${pairs.length}`,
  ];
}

const NAMES = { bytes: 'bytes', calls: 'reads and writes', turns: 'turns of the loop' } as const;

/** What grew of a slower cell, and what counts have changed: a line each. */
export function findingsOf({ counted, culprits }: GateRow): string[] {
  const us = (value: number): string => `${formatNumber(value, 2)} µs`;
  const grew = culprits.map(
    ({ name, baseUs, headUs }) => `${name} ${us(baseUs)} → ${us(headUs)} a job`,
  );
  return [
    ...(grew.length === 0 ? [] : [`what grew: ${grew.join('; ')}`]),
    ...counted
      .filter(({ changed }) => changed)
      .map(({ what, base, head }) => {
        const by = base === 0 ? '' : ` (${formatSignedEffect(head / base - 1)})`;
        return `${NAMES[what]} per job: ${formatNumber(base, 4)} → ${formatNumber(head, 4)}${by}`;
      }),
  ];
}

export function controlLine({ control }: GateDocument): string {
  if (control === null) return 'No control was measured.';
  const { shift, moved, pairs } = control;
  const how = moved ? 'MOVED' : 'stood still';
  return `The control ${how}: ${formatSignedEffect(shift)}, ${pairs.length} pairs.`;
}

export function summaryOf(gate: GateDocument): string {
  const count = (verdict: GateRow['verdict']): string[] => {
    const found = gate.cells.filter((row) => row.verdict === verdict).length;
    return found === 0 ? [] : [`${found} ${verdict}`];
  };
  const counts = (
    ['slower', 'failed', 'accepted', 'not slower', 'unresolved', 'not comparable'] as const
  ).flatMap(count);
  const short = (commit: string | null): string => commit?.slice(0, 12) ?? 'a folder';
  const head = `${short(gate.head.commit)}${gate.head.dirty === true ? ' with changes' : ''}`;
  const whole = gate.reason === null ? gate.status : `${gate.status}: ${gate.reason}`;
  const of = `${head} against ${short(gate.base.commit)} (${gate.base.because})`;
  const cells = counts.length === 0 ? '' : `; ${counts.join(', ')}`;
  return `${whole.toUpperCase().slice(0, 1)}${whole.slice(1)}: ${of}${cells}; ${formatElapsed(gate.elapsedMs)}`;
}
