/** Prints a run in the formats that were asked for. */
import type { Results } from '../documents/results.js';
import { serializeResults } from '../documents/serialize-results.js';
import { renderConsole } from '../report/console.js';
import { renderLlm } from '../report/llm.js';
import { renderMarkdown } from '../report/markdown.js';
import type { Reporter } from './reporters.js';
import { screen } from './terminal.js';

const RENDERERS: Readonly<Record<Reporter, (results: Results) => string>> = {
  console: (results) => renderConsole(results, screen()),
  markdown: renderMarkdown,
  json: serializeResults,
  llm: renderLlm,
};

export function printResults(results: Results, reporters: readonly Reporter[]): void {
  for (const reporter of reporters) process.stdout.write(RENDERERS[reporter](results));
}
