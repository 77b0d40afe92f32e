/** The job of a stand-in (see `stand-in.ts`), as it runs on its thread. */
import type { PortableFunction } from '../loop/policy.js';
import { burn } from '../workloads/cpu/spin.js';
import { remakeOf } from './crossing.js';

export interface StandInInput {
  /** The place of the input among all. */
  readonly at: number;
  readonly steps: number;
  readonly input: unknown;
}

/** Without a use of what they give, the steps might be optimised away. */
let sink = 0;

/** `call` is the function that it stands for, which is called once for each input. */
export function standInOf(
  call: (loop: null, input: unknown) => unknown,
): PortableFunction<StandInInput, unknown> {
  const known = new Map<number, () => unknown>();
  return (_loop, { at, steps, input }) => {
    let give = known.get(at);
    if (give === undefined) {
      const result = call(null, input);
      const remake = remakeOf(result);
      // In new memory each time, as the function gives it: it may be moved away.
      give = remake === null ? () => result : () => remake((buffer) => buffer.slice(0));
      known.set(at, give);
    }
    sink ^= burn(at + 1, steps);
    return give();
  };
}
