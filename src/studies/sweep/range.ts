/** The points along a parameter that a sweep may measure: `us=10..1000:log` and its grid. */
import { UsageError } from '../../text/usage.js';
import type { Scale } from '../../stats/crossing.js';

export interface Range {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly scale: Scale;
}

/** The text of `--param` is not a range. */
export class SweepRangeError extends UsageError {}

const EXAMPLE = 'such as us=10..1000:log';

/** Parses `name=from..to`, with an optional `:log` at the end. */
export function parseRange(text: string): Range {
  const [, name, low, high, scale] = /^([^=]+)=(.+?)\.\.(.+?)(?::(\w*))?$/.exec(text.trim()) ?? [];
  if (name === undefined) {
    throw new SweepRangeError(`--param takes name=from..to, ${EXAMPLE}, but got '${text}'`);
  }
  const [from, to] = [Number(low), Number(high)];
  if (!Number.isFinite(from) || !Number.isFinite(to) || from < 0 || from >= to) {
    throw new SweepRangeError(
      `a parameter goes from one number to a larger one, ${EXAMPLE}, but got '${low}..${high}'`,
    );
  }
  if (scale !== undefined && scale !== 'log') {
    throw new SweepRangeError(`the only scale to ask for is :log, but got ':${scale}'`);
  }
  if (scale === 'log' && from === 0) {
    throw new SweepRangeError(`a log scale begins above 0, but '${name}' begins at 0`);
  }
  return { name, from, to, scale: scale ?? 'linear' };
}

/** Steps of the grid: a sweep measures every fourth point first, and then the points it needs. */
const STEPS = 32;
const COARSE = 4;

/**
 * The points, ascending and without duplicates: whole numbers if both ends are whole and far enough apart, otherwise
 * numbers with three digits.
 */
export function gridOf({ from, to, scale }: Range): number[] {
  const whole = Number.isInteger(from) && Number.isInteger(to) && to - from > 1;
  const values = Array.from({ length: STEPS + 1 }, (_, step) => {
    const share = step / STEPS;
    const exact = scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
    if (step === 0 || step === STEPS) return step === 0 ? from : to;
    return whole ? Math.round(exact) : Number(exact.toPrecision(3));
  });
  return [...new Set(values)];
}

/** The indices that are measured first, both ends included. */
export function coarseOf(grid: readonly number[]): number[] {
  const last = grid.length - 1;
  const step = Math.max(1, Math.round((last * COARSE) / STEPS));
  const indices = grid.flatMap((_, at) => (at % step === 0 ? [at] : []));
  return indices.at(-1) === last ? indices : [...indices, last];
}
