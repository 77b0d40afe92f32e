/** A worker of the bare `postMessage` contestant. */
import { parentPort } from 'node:worker_threads';
import * as jobs from '../jobs.js';

parentPort?.on('message', ([id, job, input]: [number, 'identity' | 'compute', number]) => {
  parentPort?.postMessage([id, jobs[job](input)]);
});
