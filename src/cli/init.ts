/** `loopdyno init`. */
import type { Command } from 'commander';
import { init } from '../studies/init/init.js';

export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a commented configuration and an example workload into this folder')
    .option('--js', 'in JavaScript instead of TypeScript')
    .action((flags: { js?: boolean }) => init(flags));
}
