/** `loopdyno advise`. */
import type { Command } from 'commander';
import type { MeasureFlags } from '../studies/one-case.js';
import { examples, withMeasureOptions } from './options.js';

export function addAdvise(program: Command): void {
  const command = program
    .command('advise')
    .description('measure your own work, and say in a paragraph what runs it best')
    .addHelpText('after', examples('advise ./my-workload.ts', 'advise json --budget 3m'))
    .argument('[workload]', "a workload's name, or a file that exports one: ./my-workload.ts");
  withMeasureOptions(command, '2m').action(
    async (workload: string | undefined, flags: MeasureFlags) => {
      const { advise } = await import('../studies/advise/advise.js');
      process.exitCode = await advise(workload, flags);
    },
  );
}
