/** `loopdyno init`. */
import type { Command } from 'commander';

export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a commented configuration and an example workload into this folder')
    .option('--js', 'in JavaScript instead of TypeScript')
    .action(async (flags: { js?: boolean }) => {
      const { init } = await import('../studies/init/init.js');
      await init(flags);
    });
}
