/**
 * The content of the site, all made from a seed, and how long each answer takes.
 *
 *   /item/17    a few hundred bytes of text          (fetch-all, first-completed)
 *   /doc/5      a JSON document of 8 to 16 KiB       (pipeline)
 *   /s/3/7      page 7 of section 3, with links      (crawl)
 */
import { seeded, type Random } from '../../stats/random.js';
import { documentText } from '../documents.js';

export const ITEMS = 200;
export const DOCUMENTS = 64;
export const SECTIONS = 24;
export const PAGES = 16;

/** The longest service time of any answer, and that of a page, in ms: a crawl waits for many pages in a row. */
const LONGEST_MS = 20;
const LONGEST_PAGE_MS = 2;

/** The body of each path. */
export function siteContent(seed: number): Map<string, string> {
  const random = seeded(seed);
  const content = new Map<string, string>();
  for (let i = 0; i < ITEMS; i++) content.set(`/item/${i}`, words(random, random.int(60, 240)));
  for (let i = 0; i < DOCUMENTS; i++) content.set(`/doc/${i}`, documentText(random, 40, 80));
  for (let section = 0; section < SECTIONS; section++) {
    for (let page = 0; page < PAGES; page++) {
      content.set(`/s/${section}/${page}`, pageText(random, section, page));
    }
  }
  return content;
}

/**
 * Ms before an answer, by seed, server and path. Most are short and few are long, as is typical of services. The
 * average is a quarter of the longest: a job of many requests takes about as long as the slowest, and yet few
 * connections are enough to keep a core busy.
 */
export function serviceMs(seed: number, server: number, path: string): number {
  let hash = seed ^ Math.imul(server + 1, 0x9e3779b1);
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const even = ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
  const longest = path.startsWith('/s/') ? LONGEST_PAGE_MS : LONGEST_MS;
  return Math.floor((longest + 1) * even ** 3);
}

/** Links to a tree of pages, so that every page is found, and to whatever else a page may link to. */
function pageText(random: Random, section: number, page: number): string {
  const links = [2 * page + 1, 2 * page + 2].filter((child) => child < PAGES).map(String);
  for (let i = 0; i < 3; i++) links.push(`/s/${section}/${random.int(0, PAGES - 1)}#top`);
  links.push(`/s/${random.int(0, SECTIONS - 1)}/0`, 'http://192.0.2.1/elsewhere', '#here');
  const paragraphs = random
    .shuffle(links)
    .map((href) => `<p>${words(random, 30)} <a href="${href}">${words(random, 2)}</a></p>`);
  return `<!doctype html><title>${section}, ${page}</title>\n${paragraphs.join('\n')}\n`;
}

const SYLLABLES = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu'.split(' ');

function words(random: Random, count: number): string {
  const word = (): string => random.pick(SYLLABLES) + random.pick(SYLLABLES);
  return Array.from({ length: count }, word).join(' ');
}
