/**
 * How the gate tells a slowdown from noise, as numbers: its defaults, in one place.
 *
 *   screen    every cell      20 pairs     p < 0.15 and shift > 1%           else: not slower
 *   confirm   the survivors   80 new ones  p < 0.01 by Holm and shift > 3%   then: slower
 *
 * **A pair is a log ratio, log(time of head / time of base); positive is slower, everywhere.** An
 * effect is the share of time added: 0.03 is 3% more time, and log(1.03) as a shift of pairs. p is
 * that of Wilcoxon's one-sided exact test, the shift Hodges and Lehmann's.
 *
 * A cell is a false alarm only if it passes the screen and then, on pairs that know nothing of the
 * first, the confirmation. Where noise is symmetric about zero, the chance of that in any cell of an
 * A/A run is below `confirmAlpha`, however the cells depend on each other.
 */
import { InvalidArgumentError, quote } from '../../text/errors.js';
import type { Stage } from '../../stats/mde.js';

export interface GateDesign {
  screenPairs: number;
  screenAlpha: number;
  screenEffect: number;
  confirmPairs: number;
  /** For all survivors together: Holm adjusts their p-values. */
  confirmAlpha: number;
  /** What is smaller is never called slower. */
  minEffect: number;
  /** Level of the two-sided test of all controls together. */
  controlAlpha: number;
  /** A control that moves by no more, either way, stands still. */
  controlEffect: number;
  /** What share of slowdowns as large as the MDE is found. */
  power: number;
  /** Of the intervals. */
  confidence: number;
  /** A cell whose MDE is larger cannot be called "not slower". */
  allowance: number;
}

export const defaultDesign: Readonly<GateDesign> = {
  screenPairs: 20,
  screenAlpha: 0.15,
  screenEffect: 0.01,
  confirmPairs: 80,
  confirmAlpha: 0.01,
  minEffect: 0.03,
  controlAlpha: 0.01,
  controlEffect: 0.01,
  power: 0.8,
  confidence: 0.95,
  allowance: 0.05,
};

/** The defaults with some of them changed. Throws InvalidArgumentError for one that is out of range. */
export function gateDesign(changes: Partial<GateDesign> = {}): GateDesign {
  const design = { ...defaultDesign, ...changes };
  for (const [name, value] of Object.entries(design) as [keyof GateDesign, number][]) {
    const example = quote(defaultDesign[name]);
    if (name.endsWith('Pairs')) {
      if (Number.isInteger(value) && value >= 2) continue;
      throw new InvalidArgumentError(
        `${name} is a whole number from 2, but got ${quote(value)}: ${example} is usual`,
      );
    }
    const effect = name.endsWith('Effect') || name === 'allowance';
    if (effect ? value >= 0 && Number.isFinite(value) : value > 0 && value < 1) continue;
    throw new InvalidArgumentError(
      effect
        ? `${name} is a share of time from 0 on, but got ${quote(value)}: ${example} is usual`
        : `${name} lies between 0 and 1, but got ${quote(value)}: ${example} is usual`,
    );
  }
  return design;
}

/**
 * The design as the MDE sees it. Holm's level depends on the other survivors; `family` is how many
 * survive, this cell included, and Bonferroni's level for them the strictest that Holm asks.
 */
export function stagesOf(design: GateDesign, family: number): Stage[] {
  return [
    {
      pairs: design.screenPairs,
      alpha: design.screenAlpha,
      threshold: Math.log1p(design.screenEffect),
    },
    {
      pairs: design.confirmPairs,
      alpha: design.confirmAlpha / family,
      threshold: Math.log1p(design.minEffect),
    },
  ];
}
