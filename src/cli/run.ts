/** `loopdyno run`. */
import type { Command } from 'commander';
import { run, type RunFlags } from '../studies/run/run.js';
import { options } from './options.js';

export function addRun(program: Command): void {
  program
    .command('run', { isDefault: true })
    .description('measure the policies against each other and report')
    .addOption(options.policy())
    .addOption(options.node())
    .addOption(options.runtime())
    .addOption(options.install())
    .addOption(options.workload())
    .addOption(options.kind())
    .addOption(options.quick())
    .addOption(options.all())
    .addOption(options.budget())
    .addOption(options.precision())
    .addOption(options.rounds())
    .addOption(options.rate())
    .addOption(options.arrivals())
    .addOption(options.warmUp())
    .addOption(options.nodeFlags())
    .addOption(options.env())
    .addOption(options.seed())
    .addOption(options.require())
    .addOption(options.reporter())
    .addOption(options.json())
    .addOption(options.dryRun())
    .addOption(options.config())
    .addOption(options.results())
    .action(async (flags: RunFlags) => {
      process.exitCode = await run(flags);
    });
}
