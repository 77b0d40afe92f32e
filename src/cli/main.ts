#!/usr/bin/env node
/** The command line: `loopdyno run`, which is also what `loopdyno` alone does. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { LoopdynoError } from '../loop/errors.js';
import { EXIT } from './exit-codes.js';
import { run, type RunFlags } from './run.js';
import { UsageError, hint } from './usage.js';

const { version } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as { version: string };

function commandLine(): Command {
  const program = new Command('loopdyno')
    .description('Puts event loops and executors on a dynamometer.')
    .version(version)
    .showSuggestionAfterError(false) // ours is one line
    .configureOutput({ writeErr: () => {} }) // errors are reported below, once
    .exitOverride();
  program
    .command('run', { isDefault: true })
    .description('measure the policies against each other and report')
    .option(
      '--policy <name...>',
      'only these policies, the reference `microtask` among them or not',
    )
    .option('--workload <name...>', 'only these workloads')
    .option('--quick', 'a first answer in under a minute')
    .option('--json', 'the results document on stdout and nothing else there')
    .addOption(
      new Option('--seed <number>', 'of the inputs and of the order of turns')
        .default(1)
        .argParser(wholeNumber),
    )
    .action(async (flags: RunFlags) => {
      process.exitCode = await run(flags);
    });
  // After the commands: each of them keeps what it was made with.
  for (const command of program.commands) {
    command
      .exitOverride()
      .showSuggestionAfterError(false)
      .configureOutput({ writeErr: () => {} });
  }
  return program;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('it takes a whole number from 0');
}

/** One line, whatever commander makes of it, with the nearest flag or command. */
function usageLine(error: CommanderError, program: Command): string {
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  const unknown = /unknown (option|command) '([^']*)'/.exec(message);
  const run = program.commands.find((command) => command.name() === 'run');
  if (error.code === 'commander.excessArguments') {
    const [first = ''] = program.args;
    const names = program.commands.map((command) => command.name());
    return `unknown command '${first}'${hint(first, names)}`;
  }
  if (unknown === null) return message;
  const [, , name = ''] = unknown;
  const flags = (run?.options ?? []).map((option) => option.long ?? '');
  return `unknown option '${name}'${hint(name, flags)}`;
}

async function main(): Promise<void> {
  const program = commandLine();
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version come here too, printed already.
      if (error.exitCode === 0) return;
      process.stderr.write(`loopdyno: ${usageLine(error, program)}\n`);
      process.exitCode = EXIT.usage;
    } else if (error instanceof UsageError) {
      process.stderr.write(`loopdyno: ${error.message}\n`);
      process.exitCode = EXIT.usage;
    } else if (error instanceof LoopdynoError) {
      process.stderr.write(`loopdyno: ${error.name}: ${error.message}\n`);
      process.exitCode = EXIT.notMeasured;
    } else {
      throw error;
    }
  }
}

await main();
