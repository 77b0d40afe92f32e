/** The rows of a sweep's table: a value of the parameter, and the figures of each policy there. */
import type { Sweep } from '../../documents/sweep.js';
import { formatNumber, formatRatio } from '../../text/format.js';
import { formatValue } from './sentences.js';

/** The parameter, the reference's jobs per second, then the ratios. */
export function headOf(sweep: Sweep): string[] {
  const { name, unit } = sweep.parameter;
  return [
    unit ?? name,
    'rounds',
    `${sweep.reference}, jobs/s`,
    ...sweep.curves.map(({ policy }) => `${policy} vs ${sweep.reference}`),
  ];
}

export function rowsOf({ curves, results, parameter, reference }: Sweep): string[][] {
  const own = results.cells
    .filter(({ contestant, rounds }) => contestant.policy === reference && rounds.length > 0)
    .toSorted((a, b) => Number(a.params[parameter.name]) - Number(b.params[parameter.name]));
  return own.map(({ params, throughput, rounds }) => {
    const x = Number(params[parameter.name]);
    return [
      formatValue(x),
      String(rounds.length),
      throughput === null ? '–' : formatNumber(throughput.point),
      ...curves.map(({ points }) => {
        const point = points.find((each) => each.x === x);
        if (point === undefined) return '–';
        const { point: text, interval } = formatRatio(point.ratio);
        return `${text} (${interval})`;
      }),
    ];
  });
}
