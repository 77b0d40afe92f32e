/** `loopdyno capacity`. */
import type { Command } from 'commander';
import type { CapacityFlags } from '../studies/capacity/capacity.js';
import { examples, options, withMeasureOptions } from './options.js';

export function addCapacity(program: Command): void {
  const command = program
    .command('capacity')
    .description('the highest rate of jobs at which each policy keeps its latency within a bound')
    .addHelpText('after', examples('capacity deferred --slo p99=50ms'))
    .argument('<workload>', 'one made of jobs, such as spin or fetch-all')
    .requiredOption('--slo <percentile=time>', 'the bound, such as p99=50ms')
    .addOption(options.arrivals());
  withMeasureOptions(command, '2m').action(async (workload: string, flags: CapacityFlags) => {
    const { capacity } = await import('../studies/capacity/capacity.js');
    process.exitCode = await capacity(workload, flags);
  });
}
