/** From the stand-in's sweep to the length of a call from which on workers do more. */
import type { Sweep } from '../../../documents/sweep.js';
import type { Estimate } from '../../../text/format.js';

export interface BreakEven {
  /** Null if the curves do not cross, or it cannot be told where. */
  readonly ms: Estimate | null;
  /** Workers are ahead at the shortest length that was measured, or inline at the longest one; null if neither. */
  readonly ahead: 'workers' | 'inline' | null;
  /** The lengths that were measured. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A point of the sweep: what was asked for, and how long a call then took inline. */
interface Timed {
  readonly us: number;
  readonly ms: number;
}

/** Null if nothing was measured. */
export function breakEvenOf({ curves, results, parameter, reference }: Sweep): BreakEven | null {
  const [curve] = curves;
  const timed = results.cells
    .flatMap(({ contestant, params, throughput }): Timed[] =>
      contestant.policy !== reference || throughput === null
        ? []
        : [{ us: Number(params[parameter.name]), ms: 1000 / throughput.point }],
    )
    .toSorted((a, b) => a.us - b.us);
  const [first, last] = [timed[0], timed.at(-1)];
  if (curve === undefined || first === undefined || last === undefined) return null;
  const crossing = curve.crossings.findLast(({ becomes }) => becomes === 'above');
  const msAt = (us: number): number => interpolated(timed, us);
  const [shortest, longest] = [curve.points[0], curve.points.at(-1)];
  return {
    ms:
      crossing === undefined
        ? null
        : {
            point: msAt(crossing.at),
            low: crossing.low === null ? null : msAt(crossing.low),
            high: crossing.high === null ? null : msAt(crossing.high),
          },
    ahead:
      crossing !== undefined
        ? null
        : shortest?.sign === 1
          ? 'workers'
          : longest?.sign === -1
            ? 'inline'
            : null,
    fromMs: first.ms,
    toMs: last.ms,
  };
}

/**
 * Between the two nearest points, on logarithmic scales. A call takes a little more than what it was asked to, by what a
 * call costs anyway, and the machine's speed is not what it was when the steps of a µs were counted.
 */
function interpolated(timed: readonly Timed[], us: number): number {
  const above = timed.findIndex((each) => each.us >= us);
  const at = Math.min(Math.max(above, 1), timed.length - 1);
  const [a, b] = [timed[above < 0 ? timed.length - 2 : at - 1], timed[at]];
  if (b === undefined) return us / 1000;
  if (a === undefined || a === b) return (b.ms / b.us) * us;
  const share = Math.log(us / a.us) / Math.log(b.us / a.us);
  return a.ms * (b.ms / a.ms) ** share;
}
