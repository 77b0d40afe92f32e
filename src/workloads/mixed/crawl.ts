/**
 * `crawl` (mixed): a job crawls one section of a linked site: it fetches a page, parses it for links, and goes on with
 * pages it has not seen, breadth first, level by level, four fetches at a time.
 */
import { createHash } from 'node:crypto';
import { gather } from '../../loop/combine.js';
import { portable } from '../../loop/portable.js';
import { Semaphore } from '../../loop/sync.js';
import { defineWorkload } from '../../workload/define.js';
import { fetchBody, originsOf } from '../site/client.js';
import { PAGES, SECTIONS } from '../site/content.js';

const FETCHES_AT_ONCE = 4;
const JOBS_IN_FLIGHT = 4;

export interface CrawlInput {
  readonly origin: string;
  readonly section: number;
}

export const crawlSection = portable(
  import.meta.url,
  'crawlSection',
  function* (loop, { origin, section }: CrawlInput) {
    const within = `${origin}/s/${section}/`;
    const slots = new Semaphore(loop, FETCHES_AT_ONCE);
    const pages = new Map<string, string>();
    const seen = new Set([`${within}0`]);
    for (let level = [...seen]; level.length > 0;) {
      const bodies = yield* gather(
        loop,
        level.map((url) => () => slots.hold(() => fetchBody(loop, url))),
      );
      const next: string[] = [];
      for (const [i, body] of bodies.entries()) {
        const url = level[i] as string;
        const text = body.toString();
        pages.set(url.slice(origin.length), text);
        for (const link of linksOf(text, url)) {
          if (!link.startsWith(within) || seen.has(link)) continue;
          seen.add(link);
          next.push(link);
        }
      }
      level = next;
    }
    const hash = createHash('sha1');
    for (const path of [...pages.keys()].sort())
      hash.update(path).update(pages.get(path) as string);
    return `${pages.size} pages, ${hash.digest('hex')}`;
  },
);

/** The links as absolute URLs without fragments, in the order of the page. */
function linksOf(page: string, base: string): string[] {
  return Array.from(page.matchAll(/<a href="([^"]*)"/g), ([, href]) => {
    const url = new URL(href as string, base);
    url.hash = '';
    return url.href;
  });
}

export const crawl = defineWorkload({
  name: 'crawl',
  kind: 'mixed',
  summary: `crawl sections of ${PAGES} linked pages, ${FETCHES_AT_ONCE} fetches at a time, ${JOBS_IN_FLIGHT} sections at once`,
  standard: 0,
  fixture: {
    module: new URL('../../fixture/sites.js', import.meta.url).href,
    export: 'openCrawledSite',
  },
  job: crawlSection,
  inputs({ facts }) {
    const [origin] = originsOf(facts) as [string];
    return Array.from({ length: SECTIONS }, (_, section) => ({ origin, section }));
  },
  concurrency: JOBS_IN_FLIGHT,
});
