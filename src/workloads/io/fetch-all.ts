/**
 * `fetch-all` (io): a job gathers twenty answers of an HTTP site that takes 0 to 20 ms for each, so a job takes about
 * as long as the slowest answer. It is a millisecond or two of work in some twenty of waiting, so sixteen jobs at once
 * keep a core busy; more would only make each slice take longer to get started.
 */
import { createHash } from 'node:crypto';
import { gather } from '../../loop/combine.js';
import { portable } from '../../loop/portable.js';
import { seeded } from '../../stats/random.js';
import { defineWorkload } from '../../workload/define.js';
import { fetchBody, originsOf } from '../site/client.js';
import { ITEMS } from '../site/content.js';

export const URLS = 20;
const JOBS_IN_FLIGHT = 16;

export interface FetchAllInput {
  readonly origin: string;
  readonly items: readonly number[];
}

export const fetchAllItems = portable(
  import.meta.url,
  'fetchAllItems',
  function* (loop, { origin, items }: FetchAllInput) {
    const fetches = items.map((item) => () => fetchBody(loop, `${origin}/item/${item}`));
    const bodies = yield* gather(loop, fetches);
    const hash = createHash('sha1');
    for (const body of bodies) hash.update(body);
    return `${bodies.length} answers, ${hash.digest('hex')}`;
  },
);

export const fetchAll = defineWorkload({
  name: 'fetch-all',
  kind: 'io',
  summary: `HTTP: gather ${URLS} answers that take 0 to 20 ms, ${JOBS_IN_FLIGHT} times at once`,
  standard: 0,
  fixture: {
    module: new URL('../../fixture/sites.js', import.meta.url).href,
    export: 'openFetchAllSite',
  },
  job: fetchAllItems,
  inputs({ seed, facts }) {
    const random = seeded(seed);
    const [origin] = originsOf(facts) as [string];
    return Array.from({ length: 16 }, () => ({
      origin,
      items: Array.from({ length: URLS }, () => random.int(0, ITEMS - 1)),
    }));
  },
  concurrency: JOBS_IN_FLIGHT,
});
