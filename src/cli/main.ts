#!/usr/bin/env node
/** The command line. Each command is a file of its own, which adds itself to the program and loads its study when asked. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/errors.js';
import { hint } from '../text/hint.js';
import { LoopdynoError } from '../text/errors.js';
import { addAdvise } from './advise.js';
import { addAgent } from './agent.js';
import { addCapacity } from './capacity.js';
import { addCompare } from './compare.js';
import { addCompletion } from './completion.js';
import { addDoctor } from './doctor.js';
import { EXIT } from '../studies/exit-codes.js';
import { InterruptedError } from '../studies/interruption.js';
import { addGate } from './gate.js';
import { addHistory } from './history.js';
import { addInit } from './init.js';
import { addInspect } from './inspect.js';
import { addLedger } from './ledger.js';
import { addList } from './list.js';
import { addMerge } from './merge.js';
import { endQuietlyWhenNobodyReads, sendConsoleToStderr } from '../studies/terminal.js';
import { examples } from './options.js';
import { addRace } from './race.js';
import { addReport } from './report.js';
import { addRun } from './run.js';
import { addRuntimes } from './runtimes.js';
import { addSweep } from './sweep.js';
import { UsageError } from '../text/usage.js';

const { version } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as { version: string };

function commandLine(): Command {
  const program = new Command('loopdyno')
    .description(
      'Compares event loops, pools and runtimes on the same work, with confidence intervals.',
    )
    .addHelpText(
      'after',
      examples('run --quick', './my-workload.ts', 'help race') +
        '\n\nA command has more help: npx loopdyno COMMAND --help',
    )
    .version(version)
    .showSuggestionAfterError(false) // our own suggestion is one line
    .configureOutput({ writeErr: () => {} }) // errors are reported below, once
    .exitOverride();
  for (const add of [
    addRun,
    addSweep,
    addAdvise,
    addCapacity,
    addInspect,
    addRace,
    addGate,
    addLedger,
    addCompare,
    addMerge,
    addHistory,
    addReport,
    addList,
    addRuntimes,
    addAgent,
    addDoctor,
    addInit,
    addCompletion,
  ])
    add(program);
  // After the commands: each command keeps the settings that it was made with.
  for (const command of program.commands) {
    command
      .exitOverride()
      .showSuggestionAfterError(false)
      .configureOutput({ writeErr: () => {} });
  }
  return program;
}

/** The error as one line, whatever commander makes of it, with the nearest flag or command. */
function usageLine(error: CommanderError, program: Command): string {
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  const names = program.commands.map((command) => command.name());
  const asked = program.args[0] === 'help' ? program.args.slice(1) : program.args;
  const [first = ''] = asked;
  const given = program.commands.find((command) => command.name() === first);
  // This takes precedence over other faults: its flags belong to another command then.
  if (first !== '' && !first.startsWith('-') && given === undefined) {
    return `unknown command '${first}'${hint(first, names)}`;
  }
  const unknown = /unknown option '([^']*)'/.exec(message)?.[1];
  if (unknown === undefined) return message;
  const command = given ?? program.commands.find((each) => each.name() === 'run');
  const flags = (command?.options ?? []).map((option) => option.long ?? '');
  return `unknown option '${unknown}'${hint(unknown, flags)}`;
}

/** Errors about files that a person wrote or named. */
const USAGE_ERRORS = new Set(['ResultsFileError', 'AcceptedFileError']);

function report(error: unknown, program: Command): number {
  if (error instanceof CommanderError) {
    // Help and version come here too, already printed.
    if (error.exitCode === 0) return EXIT.ok;
    process.stderr.write(`loopdyno: ${usageLine(error, program)}\n`);
    return EXIT.usage;
  }
  if (error instanceof InterruptedError) return error.exitCode; // reported when it came
  if (error instanceof UsageError) {
    process.stderr.write(`loopdyno: ${error.message}\n`);
    return EXIT.usage;
  }
  if (error instanceof LoopdynoError) {
    process.stderr.write(`loopdyno: ${error.name}: ${error.message}\n`);
    return error instanceof ConfigError || USAGE_ERRORS.has(error.name)
      ? EXIT.usage
      : EXIT.notMeasured;
  }
  throw error;
}

endQuietlyWhenNobodyReads();
sendConsoleToStderr();
const program = commandLine();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error, program);
}
// A configuration may hold something open, for example a pool of connections: that must not keep the process alive.
await Promise.all([process.stdout, process.stderr].map(written));
process.exit();

/** Resolves when everything written to the stream is out: a pipe takes its time. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
