/**
 * `first-completed` (io): a job asks three servers for the same thing, takes the first answer, and has the other two
 * requests cancelled and cleaned up: their connections are closed.
 *
 * The port of each closed connection is blocked for a minute on some systems, and there are some 28,000 of them per
 * port of a server. So each server listens on several ports, which the jobs take in turn.
 */
import { createHash } from 'node:crypto';
import { firstCompleted } from '../../loop/combine.js';
import { portable } from '../../loop/portable.js';
import { defineWorkload } from '../../workload/define.js';
import { fetchBody, originsOf } from '../site/client.js';
import { ITEMS } from '../site/content.js';

export const SERVERS = 3;
export const PORTS_EACH = 8;
const JOBS_IN_FLIGHT = 6;

export interface RaceInput {
  readonly origins: readonly string[];
  readonly item: number;
}

export const race = portable(
  import.meta.url,
  'race',
  function* (loop, { origins, item }: RaceInput) {
    const replies = origins.map((origin) => () => fetchBody(loop, `${origin}/item/${item}`));
    const [first] = (yield* firstCompleted(loop, replies)) as [Buffer];
    // All answers are the same, so it does not matter whose is taken.
    return createHash('sha1').update(first).digest('hex');
  },
);

export const firstCompletedWorkload = defineWorkload({
  name: 'first-completed',
  kind: 'io',
  summary: `HTTP: the first of ${SERVERS} answers wins, the others are cancelled, ${JOBS_IN_FLIGHT} times at once`,
  standard: 0,
  fixture: {
    module: new URL('../../fixture/sites.js', import.meta.url).href,
    export: 'openServers',
  },
  job: race,
  inputs({ facts }) {
    const all = originsOf(facts);
    return Array.from({ length: 64 }, (_, i) => ({
      origins: Array.from(
        { length: SERVERS },
        (__, n) => all[n * PORTS_EACH + (i % PORTS_EACH)] as string,
      ),
      item: (i * 37) % ITEMS,
    }));
  },
  concurrency: JOBS_IN_FLIGHT,
});
