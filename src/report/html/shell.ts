/** A self-contained HTML file: no network, light and dark mode, usable from a phone's width on. */
import { parseHTML } from 'linkedom';
import { elements, type Content, type El, type Page } from './elements.js';
import { STYLE } from './style.js';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/** `body` returns the content of the page. */
export function htmlFile(title: string, body: (document: Page, el: El) => Content[]): string {
  const { document } = parseHTML(
    '<!doctype html><html lang="en"><head></head><body></body></html>',
  );
  const el = elements(document);
  document.head.append(
    el('meta', { charset: 'utf-8' }),
    el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    el('meta', { name: 'color-scheme', content: 'light dark' }),
    el('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    el('link', { rel: 'icon', href: 'data:,' }),
    el('title', {}, title),
    el('style', {}, STYLE),
  );
  document.body.append(...body(document, el));
  return `<!doctype html>${document.documentElement.outerHTML}\n`;
}
