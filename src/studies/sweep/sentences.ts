/**
 * The result of a sweep, one sentence per policy:
 *
 *   workers overtakes microtask at 210 µs per job (180–250).
 *   queue: no difference to microtask larger than 4%, from 10 to 1,000 µs per job.
 */
import type { Sweep, SweepCrossing, SweepCurve } from '../../documents/sweep.js';
import { formatBound, formatCount, formatNumber } from '../../text/format.js';

/** What was swept, and what the policies are compared with. */
type Asked = Pick<Sweep, 'parameter' | 'reference'>;

/** 210 as `210 µs per job`, or as `size = 210` if the workload does not declare a unit. */
export function placeOf({ parameter }: Asked, x: string): string {
  return parameter.unit === null ? `${parameter.name} = ${x}` : `${x} ${parameter.unit}`;
}

/** A requested value of the parameter: 5 as `5`, and not as the measured `5.00`. */
export function formatValue(x: number): string {
  return Number.isInteger(x) ? formatCount(x) : formatNumber(x);
}

export function sentenceOf(sweep: Asked, curve: Omit<SweepCurve, 'sentence'>): string {
  const [policy, reference] = [curve.policy, sweep.reference];
  if (curve.points.length === 0) return `${policy} has no numbers.`;
  if (curve.crossings.length > 0) {
    const clauses = curve.crossings.map((crossing, at) =>
      clauseOf(sweep, crossing, at === 0 ? ` ${reference}` : ' it'),
    );
    return `${policy} ${clauses.join(' and ')}.`;
  }
  const { from, to } = sweep.parameter;
  const range = `from ${placeOf(sweep, `${formatValue(from)} to ${formatValue(to)}`)}`;
  const signs = new Set(curve.points.map(({ sign }) => sign));
  if (signs.has(1))
    return `${policy} never crosses ${reference}: it is ${aheadOf(signs)} ${range}.`;
  if (signs.has(-1)) {
    return `${policy} never crosses ${reference}: it is ${behindOf(signs)} ${range}.`;
  }
  const distances = curve.points.flatMap(({ ratio: { low, high } }) =>
    low === null || high === null ? [] : [Math.abs(low - 1), Math.abs(high - 1)],
  );
  return distances.length === 0
    ? `${policy} and ${reference}: too few rounds to tell them apart ${range}.`
    : `${policy}: no difference to ${reference} larger than ${formatBound(Math.max(...distances))}, ${range}.`;
}

function clauseOf(
  sweep: Asked,
  { at, low, high, becomes }: SweepCrossing,
  reference: string,
): string {
  const verb = becomes === 'above' ? 'overtakes' : 'falls behind';
  const interval =
    low === null || high === null
      ? 'too few rounds for an interval'
      : `${formatNumber(low)}–${formatNumber(high)}`;
  return `${verb}${reference} at ${placeOf(sweep, formatNumber(at))} (${interval})`;
}

function aheadOf(signs: ReadonlySet<number>): string {
  return signs.has(0) ? 'ahead or level' : 'ahead';
}

function behindOf(signs: ReadonlySet<number>): string {
  return signs.has(0) ? 'behind or level' : 'behind';
}
