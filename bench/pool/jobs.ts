/** The jobs of `npm run bench:pool`: one that does nothing, and one that computes for about 1 ms. */
import type { Loop } from '../../src/loop/policy.js';

export const identity = (input: number): number => input;

/** Counted, not timed: a job that is interrupted by the machine still does the same work. */
const STEPS = 1_000_000;

export function compute(input: number): number {
  let state = input | 1;
  for (let i = 0; i < STEPS; i++) state = (Math.imul(state, 1103515245) + 12345) | 0;
  return state;
}

/** As our own jobs are handed their input. */
export const portableIdentity = (_loop: Loop, input: number): number => identity(input);
export const portableCompute = (_loop: Loop, input: number): number => compute(input);
