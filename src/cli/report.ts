/** `loopdyno report`: a saved run once more, without measuring. */
import type { Command } from 'commander';
import { renderConsole, type ConsoleOptions } from '../report/console.js';
import { renderMarkdown } from '../report/markdown.js';
import type { Results } from '../schema/results.js';
import { serializeResults } from '../schema/serialize-results.js';
import { options, reportersOf, type Reporter } from './options.js';
import { screen } from './print.js';
import { readResults } from './read-results.js';

export function addReport(program: Command): void {
  program
    .command('report')
    .description('render a saved run again')
    .argument('[file]', 'its results.json, or its folder', 'results/latest')
    .addOption(options.reporter())
    .addOption(options.json())
    .action(async (file: string, flags: { reporter?: string[]; json?: boolean }) => {
      printResults(await readResults(file), reportersOf(flags), screen());
    });
}

export function printResults(
  results: Results,
  reporters: readonly Reporter[],
  console: ConsoleOptions,
): void {
  for (const reporter of reporters) process.stdout.write(renderers[reporter](results, console));
}

const renderers: Readonly<Record<Reporter, (r: Results, c: ConsoleOptions) => string>> = {
  console: renderConsole,
  markdown: renderMarkdown,
  json: serializeResults,
};
