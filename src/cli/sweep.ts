/** `loopdyno sweep`. */
import type { Command } from 'commander';
import type { SweepFlags } from '../studies/sweep/sweep.js';
import { examples, withMeasureOptions } from './options.js';

export function addSweep(program: Command): void {
  const command = program
    .command('sweep')
    .description("measure along a parameter, and find where the policies' curves cross")
    .addHelpText('after', examples('sweep spin --param us=5..1000:log --policy microtask,workers'))
    .argument('<workload>', 'such as spin, whose jobs have any size')
    .requiredOption('--param <name=from..to[:log]>', 'what to vary, such as us=10..1000:log');
  withMeasureOptions(command).action(async (workload: string, flags: SweepFlags) => {
    const { sweep } = await import('../studies/sweep/sweep.js');
    process.exitCode = await sweep(workload, flags);
  });
}
