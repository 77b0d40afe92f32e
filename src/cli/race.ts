/** `loopdyno race`. */
import { Option, type Command } from 'commander';
import type { RaceFlags } from '../studies/race/race.js';
import { KEYS } from '../studies/race/vary.js';
import { REPORTERS } from '../studies/reporters.js';
import {
  duration,
  examples,
  inputOption,
  list,
  oneOf,
  options,
  spreadOption,
  wholeNumber,
} from './options.js';

export function addRace(program: Command): void {
  program
    .command('race')
    .description('your own program against itself with one thing swapped')
    .addHelpText(
      'after',
      examples(
        "race './resize.ts#half' --vary runtime=node@22,node@26",
        'race ./server.mjs --requests /,/users --vary runtime=node@26,bun',
        "race './bench/*.bench.ts' --vary tree=main,.",
        "race 'npm run build' --vary tree=main,. --ignore output",
        "race './resize.ts#half' --vary crossing=clone,transfer,shared",
        "race './bench/*.bench.ts' --anchor v1.0",
      ),
    )
    .argument(
      '<subject>',
      "a function, ./resize.ts#resize; a server, ./server.js or a command with {port}; a command, 'npm run build'; bench files, './bench/*.bench.ts'",
    )
    .addOption(
      new Option(
        '--vary <key=a,b>',
        `what is swapped: ${KEYS.join(', ')}; several make a matrix`,
      ).argParser((value, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .addOption(
      new Option(
        '--anchor <revision>',
        'a tree that stays the reference from race to race, for `history`: short for --vary tree=REVISION,.',
      ),
    )
    .addOption(inputOption())
    .addOption(spreadOption())
    .addOption(
      new Option(
        '--requests <file>',
        'of a server: paths, a JSON file, or a recorded .har; asked in turn',
      ).argParser(list),
    )
    .addOption(
      new Option(
        '--ignore <what>',
        'what may differ: a header, body, body.field, output or /pattern/',
      ).argParser((value, before: string[] | undefined) => [...(before ?? []), value]),
    )
    .addOption(
      new Option('--ready <time>', 'in which a server has to listen (default 20s)').argParser(
        duration,
      ),
    )
    .addOption(
      new Option(
        '--timeout <time>',
        'of a command: in which a run has to end (default 10m)',
      ).argParser(duration),
    )
    .addOption(options.rate())
    .addOption(options.arrivals())
    .addOption(
      new Option(
        '--concurrency <number>',
        'calls in flight (default 4), or connections (default 16, with --rate 64)',
      ).argParser(wholeNumber(1)),
    )
    .addOption(options.install())
    .addOption(options.budget('2m, for bench files 4m'))
    .addOption(options.precision())
    .addOption(options.rounds())
    .addOption(options.warmUp())
    .addOption(options.seed())
    .addOption(
      new Option(
        '--format <name>',
        `what to print: ${REPORTERS.join(', ')} (default console)`,
      ).argParser(oneOf('format', REPORTERS)),
    )
    .addOption(options.json())
    .addOption(options.results())
    .action(async (subject: string, flags: RaceFlags) => {
      const { race } = await import('../studies/race/race.js');
      process.exitCode = await race(subject, flags);
    });
}
