/** A worker of the bare `postMessage` contestant. */
import { parentPort } from 'node:worker_threads';
import { compute, identity } from '../jobs.js';

const jobs = { compute, identity };

parentPort?.on('message', ([id, job, input]: [number, 'identity' | 'compute', number]) => {
  parentPort?.postMessage([id, jobs[job](input)]);
});
