/** The jobs of `jobs.ts` in the form that our pools take. */
import { portable } from '../../src/loop/portable.js';
import * as jobs from './jobs.js';

export const identity = portable(import.meta.url, 'identity', (_loop, input: unknown) =>
  jobs.identity(input),
);
export const compute = portable(import.meta.url, 'compute', (_loop, steps: number) =>
  jobs.compute(steps),
);
export const touch = portable(import.meta.url, 'touch', (_loop, bytes: Uint8Array<ArrayBuffer>) =>
  jobs.touch(bytes),
);
