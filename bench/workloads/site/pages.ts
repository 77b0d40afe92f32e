/** What the site has, made from a seed: the fixture serves it, and a test can know it too. */
import { seeded } from '../../../src/random.js';
import { documentText } from '../documents.js';

export const SECTIONS = 24;
export const PAGES_PER_SECTION = 16;
export const DOCUMENTS = 64;
export const API_CALLS = 256;
/** Ms that the site takes to answer an API call, at most. */
export const LONGEST_SERVICE_MS = 20;

export interface Page {
  readonly body: string;
  readonly type: string;
  /** Ms until it answers. */
  readonly serviceMs: number;
}

/** Every page by its path. */
export function makeSite(seed: number): Map<string, Page> {
  const random = seeded(seed);
  const site = new Map<string, Page>();
  const words = (count: number): string =>
    Array.from({ length: count }, () => random.int(36 ** 3, 36 ** 6).toString(36)).join(' ');
  for (let section = 0; section < SECTIONS; section++) {
    for (let page = 0; page < PAGES_PER_SECTION; page++) {
      site.set(pagePath(section, page), {
        body: html(section, linksOf(section, page, random.int), words),
        type: 'text/html',
        serviceMs: 0,
      });
    }
  }
  for (let i = 0; i < DOCUMENTS; i++) {
    const body = documentText(random, 20, 40);
    site.set(documentPath(i), { body, type: 'application/json', serviceMs: 0 });
  }
  for (let i = 0; i < API_CALLS; i++) {
    const body = JSON.stringify({ call: i, answer: words(12) });
    const type = 'application/json';
    site.set(apiPath(i), { body, type, serviceMs: random.int(0, LONGEST_SERVICE_MS) });
    // The same answer from replicas that are not equally fast.
    for (let replica = 0; replica < 3; replica++) {
      const serviceMs = random.int(0, LONGEST_SERVICE_MS);
      site.set(replicaPath(i, replica), { body, type, serviceMs });
    }
  }
  return site;
}

export const pagePath = (section: number, page: number): string => `/section/${section}/${page}`;
export const documentPath = (i: number): string => `/document/${i}`;
export const apiPath = (i: number): string => `/api/${i}`;
export const replicaPath = (i: number, replica: number): string => `/replica/${replica}/${i}`;

/** A tree, so that every page is reached from the first one; and some more, within and without. */
function linksOf(section: number, page: number, int: (low: number, high: number) => number) {
  const links = [2 * page + 1, 2 * page + 2]
    .filter((child) => child < PAGES_PER_SECTION)
    .map((child) => pagePath(section, child));
  for (let i = 0; i < 4; i++) links.push(pagePath(section, int(0, PAGES_PER_SECTION - 1)));
  links.push(pagePath((section + 1) % SECTIONS, 0));
  return links;
}

function html(section: number, links: readonly string[], words: (count: number) => string): string {
  const items = links.map((link) => `<p>${words(20)} <a href="${link}">${words(3)}</a></p>`);
  return `<!doctype html><title>${words(4)}</title><h1>Section ${section}</h1>${items.join('\n')}`;
}
