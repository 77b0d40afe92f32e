/** A worker of the bare `postMessage` contestant. */
import { parentPort } from 'node:worker_threads';
import { compute, identity, touch } from '../jobs.js';

const jobs = { identity, compute, touch };

parentPort?.on(
  'message',
  ([id, job, input, moves]: [number, keyof typeof jobs, never, boolean]) => {
    const result = jobs[job](input);
    const transfer = moves ? [(result as Uint8Array<ArrayBuffer>).buffer] : [];
    parentPort?.postMessage([id, result], transfer);
  },
);
