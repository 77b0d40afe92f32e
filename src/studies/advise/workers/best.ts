/** Which place does most with the fewest threads. */
import type { Cell, Results } from '../../../documents/results.js';
import { INLINE, type Place } from './places.js';

/** What is this near the fastest does as well: another thread costs more than that. */
const NEAR = 0.95;

/** The place's cell, if it has numbers. */
export function cellAt({ cells }: Results, { name }: Place): Cell | null {
  return (
    cells.find(({ contestant, throughput }) => contestant.policy === name && throughput !== null) ??
    null
  );
}

/** Of the places beside this thread; the fewest threads come first, and a plain copy before other ways to cross. */
export function bestPlace(places: readonly Place[], results: Results): Place | null {
  const measured = places.flatMap((place) => {
    const ratio = cellAt(results, place)?.ratio;
    return place === INLINE || ratio == null ? [] : [{ place, ratio: ratio.point }];
  });
  const most = Math.max(...measured.map(({ ratio }) => ratio));
  return measured.find(({ ratio }) => ratio >= NEAR * most)?.place ?? null;
}
