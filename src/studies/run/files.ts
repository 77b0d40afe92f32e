/** The files that a run leaves in its folder. */
import type { Results } from '../../documents/results.js';
import { serializeResults } from '../../documents/serialize-results.js';
import type { Files } from '../../documents/store.js';
import { renderMarkdown } from '../../report/markdown.js';

export async function runFiles(results: Results): Promise<Files> {
  return {
    'results.json': serializeResults(results),
    'report.md': renderMarkdown(results),
    ...(await pageOf(results)),
  };
}

/** Loads the plotting library only here: it is larger than everything else that a run loads. */
export async function pageOf(results: Results): Promise<Record<'report.html', string>> {
  const { renderHtml } = await import('../../report/html/page.js');
  return { 'report.html': renderHtml(results) };
}
