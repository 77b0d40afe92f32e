/** A worker of poolifier's. */
import { ThreadWorker } from 'poolifier';
import { compute, identity } from '../jobs.js';

export default new ThreadWorker<number, number>({
  identity: (input) => identity(input as number),
  compute: (input) => compute(input as number),
});
