/** Where a function may run, to be compared: on this thread, and on so many others. */
import type { Crossing } from '../../../catalogue/crossing.js';
import { settingsOf, type Settings } from '../../race/sides.js';

export interface Place {
  /** Such as `2 threads, transfer`. */
  readonly name: string;
  /** 0: on this thread. */
  readonly threads: number;
  readonly crossing: Crossing;
}

export const INLINE: Place = { name: 'inline', threads: 0, crossing: 'clone' };

/**
 * This thread; two others, four, and so on up to one for each core; and, where inputs have bytes that a copy would be felt
 * of, the other ways to hand them over, with the most threads. A single thread does at most what this one does, so it is
 * there on one core alone: each place takes rounds from the others.
 */
export function placesFor(cores: number, hasBytes: boolean): Place[] {
  const sizes: number[] = [];
  for (let size = 2; size < cores; size *= 2) sizes.push(size);
  sizes.push(cores);
  const others: readonly Crossing[] = hasBytes ? ['transfer', 'shared'] : [];
  return [
    INLINE,
    ...sizes.map((threads) => placeOf(threads, 'clone')),
    ...others.map((crossing) => placeOf(cores, crossing)),
  ];
}

function placeOf(threads: number, crossing: Crossing): Place {
  const name = threads === 1 ? '1 thread' : `${threads} threads`;
  return { name: crossing === 'clone' ? name : `${name}, ${crossing}`, threads, crossing };
}

export function settingsAt({ name, threads, crossing }: Place): Settings {
  const of = threads === 0 ? { where: 'inline' } : { where: `workers:${threads}`, crossing };
  return settingsOf({ name, of });
}
