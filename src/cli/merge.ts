/** `loopdyno merge`. */
import type { Command } from 'commander';
import type { MergeFlags } from '../studies/merge/merge.js';
import { examples, options } from './options.js';

export function addMerge(program: Command): void {
  program
    .command('merge')
    .description('one run from the shards of a plan, or the mean over runs on several hosts')
    .addHelpText(
      'after',
      examples(
        'merge shard-*.json                      # of run --shard 1/5 and so on',
        'merge host-a.json host-b.json           # the same cases: a mean over hosts',
        'merge shard-*.json --allow-missing --json',
      ),
    )
    .argument('<runs...>', 'results files, or folders with results.json files in them')
    .option('--ignore-fingerprint', 'merge runs of other commits or versions all the same')
    .option('--allow-missing', 'merge shards all the same if some are missing')
    .option('--allow-repeated', 'average over shards that are there more than once')
    .addOption(options.reporter())
    .addOption(options.json())
    .addOption(options.results())
    .action(async (runs: string[], flags: MergeFlags) => {
      const { merge } = await import('../studies/merge/merge.js');
      process.exitCode = await merge(runs, flags);
    });
}
