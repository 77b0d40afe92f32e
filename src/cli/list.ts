/** `loopdyno list`. */
import type { Command } from 'commander';
import { list } from '../studies/list/list.js';
import { options } from './options.js';

export function addList(program: Command): void {
  program
    .command('list')
    .description('the policies and workloads there are, and whether they can be used here')
    .addOption(options.json())
    .addOption(options.config())
    .action((flags: { json?: boolean; config?: string }) => list(flags));
}
