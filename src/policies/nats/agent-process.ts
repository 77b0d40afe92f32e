/** An agent that a keeper has started: one thread for jobs, and this one for the connection. */
import type { AgentSetup } from './keeper-protocol.js';
import { serveAgent } from './serve-agent.js';

/** Messages in hand while their jobs wait, as many jobs as interleave on a worker. */
const CONCURRENCY = 16;

process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));
process.once('message', (setup: AgentSetup) => {
  void serveAgent({
    ...setup,
    policy: 'workers',
    threads: 1,
    concurrency: CONCURRENCY,
    say: (line) => process.stderr.write(`loopdyno agent: ${line}\n`),
  });
});
