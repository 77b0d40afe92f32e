/** What runs in a child process: a pool's `Host` that speaks over the process's own channel. */
import { Host } from '../pool/host.js';
import { openInner, type Inner } from '../pool/open-inner.js';
import { Ready, type FromWorker, type ToWorker } from '../pool/protocol.js';

const [, , inner = '', concurrency = ''] = process.argv;

const host = new Host(
  await openInner(inner as Inner),
  {
    post: (message) => void process.send?.(message),
    begun() {},
    idle() {},
  },
  Number(concurrency),
);

process.on('message', (message: ToWorker) => host.receive(message));
// The parent is gone, or has let go of us: nobody is left to work for.
process.on('disconnect', () => process.exit(0));
process.send?.([Ready] satisfies FromWorker);
