/** A worker of workerpool's that knows every fault. */
import workerpool from 'workerpool';
import * as faults from './faults.js';

workerpool.worker({ ...faults } as unknown as Parameters<typeof workerpool.worker>[0]);
