/**
 * `first-completed` (io): HTTP; a job asks three replicas which take 0 to 20 ms, takes the first
 * answer and cancels the others, whose connections close with them. All replicas give the same
 * answer, so that the result does not depend on who wins.
 */
import { createHash } from 'node:crypto';
import { firstCompleted } from '../../../src/loop/combine.js';
import { portable } from '../../../src/loop/policy.js';
import { seeded } from '../../../src/random.js';
import { jobSession } from '../../../src/workload/job-session.js';
import type { Workload } from '../../../src/workload/workload.js';
import { fetchBody } from '../site/client.js';
import { API_CALLS, replicaPath } from '../site/pages.js';

const REPLICAS = [0, 1, 2];

export interface Question {
  readonly port: number;
  readonly call: number;
}

export const askReplicas = portable(
  import.meta.url,
  'askReplicas',
  function* (loop, { port, call }: Question) {
    const [first] = yield* firstCompleted(
      loop,
      REPLICAS.map((replica) => () => fetchBody(loop, port, replicaPath(call, replica))),
    );
    return createHash('sha1')
      .update(first as Buffer)
      .digest('hex');
  },
);

export const firstCompletedWorkload: Workload = {
  name: 'first-completed',
  kind: 'io',
  summary: `first of ${REPLICAS.length} HTTP replies wins, the others are cancelled`,
  cases: [{}],
  fixture: {
    module: new URL('../site/server.js', import.meta.url).href,
    export: 'openForFirstCompleted',
  },
  *start(loop, { seed, facts, latency }) {
    const random = seeded(seed);
    const port = Number(facts['port']);
    const inputs = Array.from({ length: 64 }, () => ({ port, call: random.int(0, API_CALLS - 1) }));
    return jobSession<Question>(loop, { job: askReplicas, inputs, concurrency: 16, latency });
  },
};
