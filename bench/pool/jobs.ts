/**
 * The jobs of `npm run bench:pool`, in the form that other pools take: one that does nothing, and one of about 1 ms.
 */

export const identity = (input: string): string => input;

/** Steps instead of a time: a job that the machine interrupts still does the same work. */
const STEPS = 1_000_000;

export function compute(seed: number): string {
  let state = seed | 1;
  for (let i = 0; i < STEPS; i++) state = (Math.imul(state, 1103515245) + 12345) | 0;
  return String(state);
}
