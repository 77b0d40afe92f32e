/**
 * `fetch-all` (io): HTTP; a job gathers the answers of twenty calls which take 0 to 20 ms each, in
 * the time of the slowest. Many jobs are in flight, so that it is the loop that is short of time.
 */
import { createHash } from 'node:crypto';
import { gather } from '../../../src/loop/combine.js';
import { portable } from '../../../src/loop/policy.js';
import { seeded } from '../../../src/random.js';
import { jobSession } from '../../../src/workload/job-session.js';
import type { Workload } from '../../../src/workload/workload.js';
import { fetchBody } from '../site/client.js';
import { API_CALLS, apiPath } from '../site/pages.js';

const CALLS = 20;

export interface Calls {
  readonly port: number;
  readonly calls: readonly number[];
}

export const fetchAll = portable(
  import.meta.url,
  'fetchAll',
  function* (loop, { port, calls }: Calls) {
    const bodies = yield* gather(
      loop,
      calls.map((call) => () => fetchBody(loop, port, apiPath(call))),
    );
    const hash = createHash('sha1');
    for (const body of bodies) hash.update(body);
    return hash.digest('hex');
  },
);

export const fetchAllWorkload: Workload = {
  name: 'fetch-all',
  kind: 'io',
  summary: `gather ${CALLS} HTTP calls of 0 to 20 ms`,
  cases: [{}],
  fixture: {
    module: new URL('../site/server.js', import.meta.url).href,
    export: 'openForFetchAll',
  },
  *start(loop, { seed, facts, latency }) {
    const random = seeded(seed);
    const port = Number(facts['port']);
    const inputs = Array.from({ length: 32 }, () => ({
      port,
      calls: Array.from({ length: CALLS }, () => random.int(0, API_CALLS - 1)),
    }));
    return jobSession<Calls>(loop, { job: fetchAll, inputs, concurrency: 32, latency });
  },
};
