/** What runs in a child process: a `PoolWorker` that speaks over the process's own channel. */
import { openInner, type Inner } from '../inner-loop.js';
import { Leaving, Ready, type FromWorker, type ToWorker } from '../pool/protocol.js';
import { PoolWorker } from '../pool/worker.js';

const [, , inner = '', concurrency = ''] = process.argv;

// Write synchronously: what a job prints is out when it has been written, however the process ends.
for (const stream of [process.stdout, process.stderr]) {
  (stream as { _handle?: { setBlocking?(on: boolean): void } })._handle?.setBlocking?.(true);
}

let lastBegun = -1;
const worker = new PoolWorker(
  await openInner(inner as Inner),
  {
    post: (message) => void process.send?.(message),
    begin(seq) {
      lastBegun = seq;
      return true;
    },
    idle() {},
  },
  Number(concurrency),
);

process.on('message', (message: ToWorker) => worker.receive(message));
// The exit may be by process.exit or an uncaught error. Jobs that were sent but not begun can be run elsewhere.
process.on('exit', () => {
  if (!process.connected) return;
  worker.flush();
  process.send?.([Leaving, lastBegun] satisfies FromWorker);
});
// The parent has ended, or has closed the channel: nobody is left to work for.
process.on('disconnect', () => process.exit(0));
process.send?.([Ready] satisfies FromWorker);
