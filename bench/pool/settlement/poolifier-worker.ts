/** A poolifier worker with every fault. */
import { ThreadWorker } from 'poolifier';
import * as faults from './faults.js';

export default new ThreadWorker({ ...faults } as unknown as ConstructorParameters<
  typeof ThreadWorker
>[0]);
