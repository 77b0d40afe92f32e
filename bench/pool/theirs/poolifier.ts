/** The poolifier worker. */
import { ThreadWorker } from 'poolifier';
import { compute, identity } from '../jobs.js';

export default new ThreadWorker<unknown, string>({
  identity: (input) => identity(input as string),
  compute: (seed) => compute(seed as number),
});
