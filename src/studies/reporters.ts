/** The formats in which a run can be printed. */
import type { Results } from '../documents/results.js';
import { serializeResults } from '../documents/serialize-results.js';
import { renderConsole } from '../report/console.js';
import { renderMarkdown } from '../report/markdown.js';
import { screen } from './terminal.js';

export const REPORTERS = ['console', 'markdown', 'json'] as const;
export type Reporter = (typeof REPORTERS)[number];

export interface ReporterFlags {
  reporter?: string[];
  json?: boolean;
}

/** What to print: `--json` is short for `--reporter json`. */
export function reportersOf({ reporter, json }: ReporterFlags): Reporter[] {
  if (json === true) return ['json'];
  return (reporter as Reporter[] | undefined) ?? ['console'];
}

const RENDERERS: Readonly<Record<Reporter, (results: Results) => string>> = {
  console: (results) => renderConsole(results, screen()),
  markdown: renderMarkdown,
  json: serializeResults,
};

export function printResults(results: Results, reporters: readonly Reporter[]): void {
  for (const reporter of reporters) process.stdout.write(RENDERERS[reporter](results));
}
