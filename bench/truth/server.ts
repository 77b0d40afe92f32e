/**
 * A server of a workload. Its client is in the fixture, and the workload's session tells it to continue and to rest. A
 * batch is a fifth of a turn, some 50 ms: the two exchange only a few messages per turn.
 *
 * Lead and goal are moments at which the client rests. If a message is late because this process had to wait for its
 * core, the time is longer, but no count is wrong.
 */
import type { Loop } from '../../src/loop/policy.js';
import type { JobsSetup, Latency, Workload } from '../../src/workload/workload.js';
import { LEAD, type Work } from './work.js';

const ignored: Latency = { record() {}, add() {} };

export async function startServer(loop: Loop, workload: Workload, setup: JobsSetup): Promise<Work> {
  const session = await loop.run(() => workload.start(loop, { ...setup, latency: ignored }));
  const digest = await loop.run(() => session.verify());
  return {
    digest,
    *turn(jobs, say) {
      const before = session.done;
      const batch = Math.ceil(jobs / LEAD);
      yield* session.batch(batch);
      yield* session.rest();
      say(session.done - before);
      while (session.done - before < jobs) yield* session.batch(batch);
      yield* session.rest();
      say(session.done - before);
      say(session.done - before);
    },
  };
}
