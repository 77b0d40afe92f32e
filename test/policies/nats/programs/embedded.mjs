/** Opens nats with a server of its own, does a job, and does what stdin says. */
import { createInterface } from 'node:readline';
import { nats } from 'loopdyno';
import * as jobs from '#dist/src/conformance/jobs.js';

const loop = await nats.open({ agents: 2 });
console.log(await loop.run(() => loop.submit(jobs.square, 7)));
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'close') break;
  console.log(await loop.run(() => loop.submit(jobs.square, 8)));
}
await loop.close();
process.stdin.destroy();
