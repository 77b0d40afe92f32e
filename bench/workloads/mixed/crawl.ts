/**
 * `crawl` (mixed): a linked site over HTTP. A job crawls one of its sections from its first page:
 * fetch, parse out the links, breadth first, each page once, four at a time.
 *
 *   level 0    0
 *   level 1    1 2 5 …        pages that level 0 links to and nobody did before
 *   level 2    3 4 11 …
 */
import { createHash } from 'node:crypto';
import { gather } from '../../../src/loop/combine.js';
import type { Coroutine } from '../../../src/loop/future.js';
import { portable } from '../../../src/loop/policy.js';
import { Semaphore } from '../../../src/loop/sync.js';
import { jobSession } from '../../../src/workload/job-session.js';
import type { Workload } from '../../../src/workload/workload.js';
import { fetchBody } from '../site/client.js';
import { PAGES_PER_SECTION, SECTIONS, pagePath } from '../site/pages.js';

const AT_A_TIME = 4;
const LINK = /<a href="([^"]+)">/g;
const TAG = /<[^>]*>/g;

export interface Section {
  readonly port: number;
  readonly section: number;
}

interface Found {
  readonly links: readonly string[];
  readonly words: number;
}

export const crawlSection = portable(
  import.meta.url,
  'crawlSection',
  function* (loop, { port, section }: Section) {
    const within = pagePath(section, 0).slice(0, -1);
    const places = new Semaphore(loop, AT_A_TIME);
    const seen = new Set([pagePath(section, 0)]);
    const hash = createHash('sha1');
    function* visit(path: string): Coroutine<Found> {
      yield* places.acquire();
      try {
        return parse((yield* fetchBody(loop, port, path)).toString('latin1'));
      } finally {
        places.release();
      }
    }
    for (let level = [...seen]; level.length > 0;) {
      const found = yield* gather(
        loop,
        level.map((path) => () => visit(path)),
      );
      const before = level;
      level = [];
      for (const [i, { links, words }] of found.entries()) {
        hash.update(`${before[i]} ${words} ${links.join(' ')}\n`);
        for (const link of links) {
          if (!link.startsWith(within) || seen.has(link)) continue;
          seen.add(link);
          level.push(link);
        }
      }
    }
    return `${seen.size} pages, ${hash.digest('hex')}`;
  },
);

function parse(html: string): Found {
  const links = [...html.matchAll(LINK)].map(([, link = '']) => link);
  return { links, words: html.replace(TAG, ' ').split(/\s+/).length };
}

export const crawl: Workload = {
  name: 'crawl',
  kind: 'mixed',
  summary: `crawl sections of ${PAGES_PER_SECTION} of a site's ${SECTIONS * PAGES_PER_SECTION} pages, breadth first`,
  cases: [{}],
  fixture: { module: new URL('../site/server.js', import.meta.url).href, export: 'openForCrawl' },
  *start(loop, { facts, latency }) {
    const port = Number(facts['port']);
    const inputs = Array.from({ length: SECTIONS }, (_, section) => ({ port, section }));
    return jobSession<Section>(loop, { job: crawlSection, inputs, concurrency: 4, latency });
  },
};
