/** An agent that is there soon: for `bench:nats`, which kills five a second. It ends with its parent. */
import { serveAgent } from '../../src/policies/nats/serve-agent.js';
import { checkQueue } from '../../src/policies/nats/options.js';
import { DIST } from './rig.js';

const [, , url = ''] = process.argv;
process.on('disconnect', () => process.exit(0));
await serveAgent({
  servers: { servers: url },
  queue: 'loopdyno',
  root: DIST,
  options: checkQueue({}),
  policy: 'microtask',
  threads: 1,
  concurrency: 16,
  say: (line) => process.stderr.write(`${line}\n`),
});
process.stderr.write('agent: ready\n');
