/**
 * From which size of a job on workers are ahead: which size gets the next round.
 *
 *   a guess ─▶ up or down by a factor of 4, until each is clearly ahead somewhere ─▶ in between, as a sweep does it
 *
 * Few sizes are far from the answer, so most rounds are spent near it.
 */
import { mean } from '../../../stats/moments.js';
import { nextPoint, type SweepState } from '../../sweep/next-point.js';

/** In µs. A job of less is no job for a thread; with one of more there is no doubt left. */
const LEAST_US = 4;
const MOST_US = 8192;
/** The grid: two points for each doubling. */
const PER_DOUBLING = 2;
/** Points between two sizes, until one is found on either side. */
const STRIDE = 2 * PER_DOUBLING;
/** The log ratio of who is clearly ahead: two rounds can tell. */
const CLEAR = 0.15;

export const SIZES: readonly number[] = Array.from(
  { length: PER_DOUBLING * Math.log2(MOST_US / LEAST_US) + 1 },
  (_, at) => Number((LEAST_US * 2 ** (at / PER_DOUBLING)).toPrecision(3)),
);

/** The place of the size that is nearest. */
export function nearestSize(us: number): number {
  const distances = SIZES.map((size) => Math.abs(Math.log(size / Math.max(us, LEAST_US))));
  return distances.indexOf(Math.min(...distances));
}

/** `guess` is the place where to begin. Of one curve: positive where workers are ahead. Null if the answer is known. */
export function nextSize(state: SweepState, guess: number): number | null {
  const [curve = []] = state.curves;
  const measured = curve.flatMap(({ differences }, at) => (differences.length === 0 ? [] : [at]));
  const [lowest, highest] = [measured[0], measured.at(-1)];
  if (lowest === undefined || highest === undefined) {
    return state.over[guess] === true ? null : guess;
  }
  const lead = (at: number): number => mean(curve[at]?.differences ?? []);
  const last = state.grid.length - 1;
  if (lead(lowest) > -CLEAR && lowest > 0) return Math.max(0, lowest - STRIDE);
  if (lead(highest) < CLEAR && highest < last) return Math.min(last, highest + STRIDE);
  return nextPoint({ ...state, coarse: measured });
}
