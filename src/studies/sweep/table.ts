/** The rows of a sweep's table: a value of the parameter, and how each policy stands there. */
import type { Sweep } from '../../documents/sweep.js';
import { formatNumber, formatRatio } from '../../text/format.js';
import { formatValue } from './sentences.js';

export interface SweepRow {
  readonly x: string;
  readonly rounds: string;
  readonly reference: string;
  /** By policy, in the order of the curves. */
  readonly ratios: readonly string[];
}

/** The parameter, the reference's jobs a second, then the ratios. */
export function headOf(sweep: Sweep, clean: (text: string) => string): string[] {
  const { name, unit } = sweep.parameter;
  return [
    clean(unit ?? name),
    'rounds',
    `${clean(sweep.reference)}, jobs/s`,
    ...sweep.curves.map(({ policy }) => `${clean(policy)} vs ${clean(sweep.reference)}`),
  ];
}

export function rowsOf({ curves, results, parameter, reference }: Sweep): SweepRow[] {
  const own = results.cells
    .filter(({ contestant, rounds }) => contestant.policy === reference && rounds.length > 0)
    .toSorted((a, b) => Number(a.params[parameter.name]) - Number(b.params[parameter.name]));
  return own.map(({ params, throughput, rounds }) => {
    const x = Number(params[parameter.name]);
    return {
      x: formatValue(x),
      rounds: String(rounds.length),
      reference: throughput === null ? '–' : formatNumber(throughput.point),
      ratios: curves.map(({ points }) => {
        const point = points.find((each) => each.x === x);
        if (point === undefined) return '–';
        const { point: text, interval } = formatRatio(point.ratio);
        return `${text} (${interval})`;
      }),
    };
  });
}
