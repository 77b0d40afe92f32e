/** `loopdyno runtimes`. */
import { Option, type Command } from 'commander';
import type { RuntimesFlags } from '../studies/runtimes/runtimes.js';
import { list, options } from './options.js';

export function addRuntimes(program: Command): void {
  program
    .command('runtimes')
    .description(
      'the Nodes, Buns and Denos on this machine, and those fetched for --node and --runtime',
    )
    .addOption(
      new Option(
        '--install <name...>',
        'fetch these from the npm registry: node@22, bun',
      ).argParser(list),
    )
    .addOption(new Option('--empty', 'remove all that were fetched'))
    .addOption(options.json())
    .action(async (flags: RuntimesFlags) => {
      const { runtimes } = await import('../studies/runtimes/runtimes.js');
      await runtimes(flags);
    });
}
