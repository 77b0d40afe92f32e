/** `loopdyno advise`. */
import { Option, type Command } from 'commander';
import type { AdviseFlags } from '../studies/advise/advise.js';
import {
  examples,
  inputOption,
  positive,
  spreadOption,
  wholeNumber,
  withMeasureOptions,
} from './options.js';

export function addAdvise(program: Command): void {
  const command = program
    .command('advise')
    .description('measure your own work, and say what runs it best, or whether workers pay for it')
    .addHelpText(
      'after',
      examples(
        'advise ./resize.ts#resize',
        'advise ./resize.ts#resize --input large.json --rate 200',
        'advise ./my-workload.ts',
        'advise json --budget 3m',
      ),
    )
    .argument(
      '[subject]',
      "a function, ./resize.ts#resize: do workers pay? A workload's name, or a file that exports one, ./my-workload.ts: which policy?",
    )
    .addOption(inputOption())
    .addOption(spreadOption())
    .addOption(
      new Option(
        '--concurrency <number>',
        'of a function: calls in flight (default: two for each core)',
      ).argParser(wholeNumber(1)),
    )
    .addOption(
      new Option(
        '--rate <calls/s>',
        'of a function: as calls arrive while the main thread is looked at (default: half of what it can do)',
      ).argParser(positive),
    );
  withMeasureOptions(command, '2m; of a function 80s').action(
    async (subject: string | undefined, flags: AdviseFlags) => {
      const { advise } = await import('../studies/advise/advise.js');
      process.exitCode = await advise(subject, flags);
    },
  );
}
