/** `loopdyno report`: a saved run once more, without measuring. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { renderConsole, type ConsoleOptions } from '../report/console.js';
import { renderMarkdown } from '../report/markdown.js';
import { writeHtml } from '../report/store.js';
import type { Results } from '../schema/results.js';
import { serializeResults } from '../schema/serialize-results.js';
import { options, reportersOf, type Reporter } from './options.js';
import { screen } from './print.js';
import { readResults } from './read-results.js';

interface ReportFlags {
  reporter?: string[];
  json?: boolean;
  html?: boolean;
  open?: boolean;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('render a saved run again')
    .argument('[file]', 'its results.json, or its folder', 'results/latest')
    .addOption(options.reporter())
    .addOption(options.json())
    .option('--html', 'write report.html beside it instead, and print its path')
    .option('--open', 'likewise, and open it')
    .action(async (file: string, flags: ReportFlags) => {
      if (flags.html === true || flags.open === true) return page(file, flags);
      printResults(await readResults(file), reportersOf(flags), screen());
    });
}

async function page(file: string, flags: ReportFlags): Promise<void> {
  const results = await readResults(file);
  const folder = (await stat(file)).isDirectory() ? file : dirname(file);
  const path = await writeHtml(folder, results);
  process.stdout.write(`${path}\n`);
  if (flags.open === true) await (await import('open')).default(path);
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
