/** The jobs of `npm run bench:pool`, in the form that other pools take. */

/** Does nothing. */
export const identity = (input: unknown): unknown => input;

/** Steps instead of a time: a job that the machine interrupts still does the same work. A million take about 1 ms. */
export function compute(steps: number): string {
  let state = steps | 1;
  for (let i = 0; i < steps; i++) state = (Math.imul(state, 1103515245) + 12345) | 0;
  return String(state);
}

/** Gives back the bytes that it got, one of them changed. */
export function touch(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  bytes[0] = (bytes[0] as number) ^ 1;
  return bytes;
}
