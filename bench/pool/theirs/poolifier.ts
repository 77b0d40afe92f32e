/** The poolifier worker. */
import { ThreadWorker } from 'poolifier';
import { compute, identity, touch } from '../jobs.js';

export default new ThreadWorker<unknown, unknown>({
  identity: (input) => identity(input),
  compute: (steps) => compute(steps as number),
  touch: (bytes) => touch(bytes as Uint8Array<ArrayBuffer>),
});
