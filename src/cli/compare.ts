/** `loopdyno compare`: two saved runs beside each other. */
import type { Command } from 'commander';
import { renderComparisonConsole, renderComparisonMarkdown } from '../report/compare.js';
import { compareResults } from '../stats/compare.js';
import { options, reportersOf } from './options.js';
import { printJson, screen } from './print.js';
import { readResults } from './read-results.js';
import { UsageError } from './usage.js';

interface CompareFlags {
  ignoreFingerprint?: boolean;
  reporter?: string[];
  json?: boolean;
}

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('what changed from one saved run to another')
    .argument('<a>', 'the first run: its results.json, or its folder')
    .argument('<b>', 'the second run')
    .option('--ignore-fingerprint', 'compare runs of different machines or versions all the same')
    .addOption(options.reporter())
    .addOption(options.json())
    .action(async (a: string, b: string, flags: CompareFlags) => {
      const comparison = compareResults(await readResults(a), await readResults(b));
      const fields = comparison.differences.map((each) => `${each.field} (${each.a} / ${each.b})`);
      if (fields.length > 0 && flags.ignoreFingerprint !== true) {
        throw new UsageError(
          `these runs are not of the same machine and runtime: ${fields.join(', ')}; ` +
            'a difference may be theirs. --ignore-fingerprint compares them all the same',
        );
      }
      for (const reporter of reportersOf(flags)) {
        if (reporter === 'json') printJson(comparison);
        else if (reporter === 'markdown') {
          process.stdout.write(renderComparisonMarkdown(comparison));
        } else process.stdout.write(renderComparisonConsole(comparison, screen()));
      }
    });
}
