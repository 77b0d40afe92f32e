/** `loopdyno compare`. */
import type { Command } from 'commander';
import type { CompareFlags } from '../studies/compare/runs.js';
import { examples, options } from './options.js';

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('what changed from one saved run to another')
    .addHelpText('after', examples('compare results/20261123T152900Z-1f3d34c results/latest'))
    .argument('<a>', 'the first run: its results.json, or its folder')
    .argument('<b>', 'the second run')
    .option('--ignore-fingerprint', 'compare runs of different machines or versions all the same')
    .addOption(options.reporter())
    .addOption(options.json())
    .action(async (a: string, b: string, flags: CompareFlags) => {
      const { compareRuns } = await import('../studies/compare/runs.js');
      await compareRuns(a, b, flags);
    });
}
