/** A worker of the bare `postMessage` contestant. */
import { parentPort } from 'node:worker_threads';
import { compute, identity } from '../jobs.js';

const jobs = { identity, compute };

parentPort?.on('message', ([id, job, input]: [number, keyof typeof jobs, never]) => {
  parentPort?.postMessage([id, jobs[job](input)]);
});
