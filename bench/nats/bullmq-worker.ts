/** A worker of BullMQ that runs its jobs as an agent of `nats` does: on a thread of `workers`. */
import { workers } from '../../src/policies/workers/index.js';
import { loadBullMq } from './bullmq.js';
import * as jobs from './jobs.js';

const bullmq = await loadBullMq();
if (bullmq === null) throw new Error('bullmq is not installed');
const loop = await workers.open({ threads: 1 });
void loop.runForever();
const worker = new bullmq.Worker('identity', ({ data }) => loop.submit(jobs.identity, data), {
  connection: { host: '127.0.0.1', port: Number(process.argv[2]) },
  concurrency: 32,
});
await worker.waitUntilReady();
process.stdout.write('ready\n');
