/** The same jobs, as ours take them. */
import { portable } from '../../src/loop/portable.js';
import * as jobs from './jobs.js';

export const identity = portable(import.meta.url, 'identity', (_loop, input: string) =>
  jobs.identity(input),
);
export const compute = portable(import.meta.url, 'compute', (_loop, seed: number) =>
  jobs.compute(seed),
);
