/**
 * How the gate tells a slowdown from noise, as numbers: its defaults, in one place.
 *
 * **A pair is a log ratio, log(time of head / time of base); positive is slower, everywhere.** An effect is the share
 * of time added: 0.03 is 3% more time, and log(1.03) as a shift of pairs.
 *
 * Base and head change places by a coin before every pair (see `arena.ts`, which says what stays). So a pair of the same
 * code is as likely x as −x, whatever the machine does, and nothing else is assumed:
 *
 *   slower        evidence that pairs lie above 0, times the number of cells, beyond 1/alpha;
 *                 and the shift is minEffect at least
 *   not slower    evidence that they lie below log(1 + allowance), beyond 1/missAlpha
 *   unresolved    neither, until the time is spent: it could hide so much
 *
 * Evidence (`stats/e-process.ts`) may be looked at after every pair. The chance that a run calls any cell of unchanged
 * code slower is alpha at most, however long it runs and whenever it stops; that a cell which became slower by the
 * allowance is called not slower, missAlpha.
 */
import { InvalidArgumentError, quote } from '../../text/errors.js';

export interface GateDesign {
  /** The chance that a run without a slowdown calls any cell slower, at most. */
  alpha: number;
  /** The chance that a cell which is slower by the allowance is called not slower, at most. */
  missAlpha: number;
  /** What is smaller is never called slower. */
  minEffect: number;
  /** A slowdown that has to be seen. */
  allowance: number;
  /** The confidence of the intervals. */
  confidence: number;
  /** A cell that is open after so many pairs stays open. */
  mostPairs: number;
}

export const defaultDesign: Readonly<GateDesign> = {
  alpha: 0.01,
  missAlpha: 0.05,
  minEffect: 0.03,
  allowance: 0.05,
  confidence: 0.95,
  mostPairs: 100,
};

/** The defaults with some of them changed. Throws InvalidArgumentError for one that is out of range. */
export function gateDesign(changes: Partial<GateDesign> = {}): GateDesign {
  const design = { ...defaultDesign, ...changes };
  for (const [name, value] of Object.entries(design) as [keyof GateDesign, number][]) {
    const example = quote(defaultDesign[name]);
    if (name === 'mostPairs') {
      if (Number.isInteger(value) && value >= 2) continue;
      throw new InvalidArgumentError(
        `${name} is a whole number from 2, but got ${quote(value)}: ${example} is usual`,
      );
    }
    const effect = name === 'minEffect' || name === 'allowance';
    if (effect ? value >= 0 && Number.isFinite(value) : value > 0 && value < 1) continue;
    throw new InvalidArgumentError(
      effect
        ? `${name} is a share of time from 0 on, but got ${quote(value)}: ${example} is usual`
        : `${name} lies between 0 and 1, but got ${quote(value)}: ${example} is usual`,
    );
  }
  return design;
}
