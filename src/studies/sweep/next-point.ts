/**
 * Which point of the grid gets the next round.
 *
 *   first     every fourth point, two rounds each: where is which policy ahead?      + · · · + · · · − · · · −
 *   then      around the crossing with the widest interval:                                     ▲▲▲▲▲
 *             the point with the fewest rounds
 *   else      no curves cross: the coarse points again, until each has LEAST
 *             rounds; then there is no more to find
 *
 * Two curves that are equal everywhere have no crossing, and neither do two of which one is always ahead.
 * Pure; O(points × rounds) for each round.
 */
import {
  crossings,
  signsOf,
  type Crossing,
  type CurvePoint,
  type Scale,
} from '../../stats/crossing.js';
import { mean } from '../../stats/moments.js';

/** The differences of one policy to the reference, at every point of the grid. */
export type Curve = readonly CurvePoint[];

export interface SweepState {
  readonly grid: readonly number[];
  readonly coarse: readonly number[];
  readonly scale: Scale;
  /** The number of rounds of each point. */
  readonly rounds: readonly number[];
  /** Whether each point cannot be measured any further. */
  readonly over: readonly boolean[];
  /** The curves of the policies, without the reference. */
  readonly curves: readonly Curve[];
}

const FIRST_ROUNDS = 2;
const LEAST_ROUNDS = 4;
/** The number of points on either side of a crossing that share its rounds. */
const ABOUT = 2;
/** A certain crossing comes before a suspected one, until its interval is this narrow. */
const SUSPECTED = Math.log(1.2);
/** A crossing is known well enough if its interval is this narrow: ± some 2.5%. */
const NARROW = 1.05;

/** Null if every answer is known. */
export function nextPoint(state: SweepState): number | null {
  const { coarse, curves, grid, scale, rounds } = state;
  const unfinished = fewest(coarse, FIRST_ROUNDS, state);
  if (unfinished !== null) return unfinished;
  const wanted = curves
    .flatMap((curve) => {
      const found = crossings(curve, scale);
      return found.length > 0
        ? found.map((crossing) => ({ crossing, width: widthOf(crossing, scale) }))
        : suspected(curve, scale).map((crossing) => ({ crossing, width: SUSPECTED }));
    })
    .filter(({ width }) => width > Math.log(NARROW))
    .toSorted((a, b) => b.width - a.width);
  for (const { crossing } of wanted) {
    const about = around(crossing, grid).filter((at) => state.over[at] !== true);
    if (about.length > 0) {
      return about.reduce((a, b) => ((rounds[b] ?? 0) < (rounds[a] ?? 0) ? b : a));
    }
  }
  return wanted.length > 0 ? null : fewest(coarse, LEAST_ROUNDS, state);
}

function fewest(points: readonly number[], enough: number, state: SweepState): number | null {
  const due = points.filter((at) => (state.rounds[at] ?? 0) < enough && state.over[at] !== true);
  if (due.length === 0) return null;
  return due.reduce((a, b) => ((state.rounds[b] ?? 0) < (state.rounds[a] ?? 0) ? b : a));
}

/**
 * Crossings where the means change their sign, though the intervals do not exclude 0 on both sides yet. For a curve
 * that is nowhere surely off 0 this is chance: it took two equal policies a quarter of a sweep's rounds.
 */
function suspected(curve: Curve, scale: Scale): Crossing[] {
  if (!signsOf(curve).some((sign) => sign === 1 || sign === -1)) return [];
  const points = curve
    .filter(({ differences }) => differences.length > 0)
    .map(({ x, differences }) => ({ x, mean: mean(differences) }));
  return points.flatMap(({ x, mean: here }, i) => {
    const before = points[i - 1];
    if (before === undefined || Math.sign(before.mean) === Math.sign(here)) return [];
    const share = before.mean / (before.mean - here);
    const at =
      scale === 'log' ? before.x * (x / before.x) ** share : before.x + (x - before.x) * share;
    const becomes = here > 0 ? 'above' : 'below';
    return [{ from: before.x, to: x, becomes, at, low: null, high: null }];
  });
}

/** On a log scale the log of the interval's factor, otherwise its width as a share of the crossing's place. */
function widthOf({ at, low, high }: Crossing, scale: Scale): number {
  if (low === null || high === null) return Infinity;
  return scale === 'log' ? Math.log(high / low) : (high - low) / Math.abs(at);
}

function around({ at }: Crossing, grid: readonly number[]): number[] {
  const above = grid.findIndex((x) => x >= at);
  const center = above < 0 ? grid.length - 1 : above;
  return grid.flatMap((_, i) => (i >= center - ABOUT && i < center + ABOUT ? [i] : []));
}
