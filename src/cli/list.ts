/** `loopdyno list`. */
import type { Command } from 'commander';
import { options } from './options.js';

export function addList(program: Command): void {
  program
    .command('list')
    .description('the policies and workloads there are, and whether they can be used here')
    .addOption(options.json())
    .addOption(options.config())
    .action(async (flags: { json?: boolean; config?: string }) => {
      const { list } = await import('../studies/list/list.js');
      await list(flags);
    });
}
