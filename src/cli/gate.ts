/** `loopdyno gate`. */
import { Option, type Command } from 'commander';
import type { GateFlags } from '../studies/gate/gate.js';
import { duration, examples, options, share, wholeNumber } from './options.js';

export function addGate(program: Command): void {
  program
    .command('gate')
    .description('is this tree slower than its base? For CI: exit status 1 when it is')
    .addHelpText(
      'after',
      examples(
        'gate --base main',
        'gate --base HEAD              # how often is it wrong here?',
        'gate --base-node 24 --head-node 26',
      ),
    )
    .addOption(
      new Option(
        '--base <ref>',
        'the commit to compare with (default: where HEAD left the default branch)',
      ),
    )
    .addOption(
      new Option('--base-dir <folder>', 'the same folder of the base, built').conflicts('base'),
    )
    .addOption(new Option('--head-dir <folder>', 'a checkout of the head, built (default: here)'))
    .addOption(new Option('--base-node <version>', 'the Node that the base runs on, such as 22'))
    .addOption(
      new Option(
        '--head-node <version>',
        'the Node that the head runs on; without --base, of the same code',
      ),
    )
    .addOption(options.policy())
    .addOption(options.workload())
    .addOption(
      new Option(
        '--min-effect <share>',
        'what is smaller is never called slower (default 3%)',
      ).argParser(share),
    )
    .addOption(
      new Option(
        '--allowance <share>',
        'a cell that could hide a larger slowdown is unresolved (default 5%)',
      ).argParser(share),
    )
    .addOption(
      new Option(
        '--budget <time>',
        'the cap: what is not certain by then is unresolved (default 8m)',
      ).argParser(duration),
    )
    .addOption(
      new Option('--touched', 'only cells that the changed files can touch; all when in doubt'),
    )
    .addOption(
      new Option(
        '--self-test',
        'how often is the gate wrong here? Takes an hour and more',
      ).conflicts(['base', 'baseDir', 'touched']),
    )
    .addOption(
      new Option(
        '--pairs <number>',
        'of the self-test: pairs of the same code, of each cell (default 170)',
      ).argParser(wholeNumber(2)),
    )
    .addOption(new Option('--from <file>', 'of the self-test: the rates of pairs recorded before'))
    .addOption(options.seed())
    .addOption(options.json())
    .addOption(options.config())
    .addOption(options.results())
    .action(async (flags: GateFlags) => {
      const { gate } = await import('../studies/gate/gate.js');
      process.exitCode = await gate(flags);
    });
}
