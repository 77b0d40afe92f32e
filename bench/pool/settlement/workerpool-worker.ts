/** A workerpool worker with every fault. */
import workerpool from 'workerpool';
import * as faults from './faults.js';

workerpool.worker({ ...faults } as unknown as Parameters<typeof workerpool.worker>[0]);
