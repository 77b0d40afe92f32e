/**
 * The jobs of `npm run bench:pool`, in the form that other pools take: one that does nothing, and one that computes.
 */

export const identity = (input: unknown): unknown => input;

/** Steps instead of a time: a job that the machine interrupts still does the same work. A million take about 1 ms. */
export function compute(steps: number): string {
  let state = steps | 1;
  for (let i = 0; i < steps; i++) state = (Math.imul(state, 1103515245) + 12345) | 0;
  return String(state);
}
