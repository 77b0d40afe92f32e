/** `loopdyno completion`: what a shell can complete, read from the commands that `--help` prints. */
import { Argument, type Command, type Option } from 'commander';
import { policyNames } from '../policies/registry.js';
import { REPORTERS } from '../studies/reporters.js';
import { ARRIVALS } from '../workload/open-loop.js';
import { KINDS } from '../workload/workload.js';
import { workloadNames } from '../workloads/registry.js';
import { examples } from './options.js';
import { SCRIPTS, type Completed, type CompletedFlag } from './completion-scripts.js';

/** Flags that take some of a known list of names. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  '--policy': policyNames,
  '--require': policyNames,
  '--workload': workloadNames,
  '--kind': KINDS,
  '--reporter': REPORTERS,
  '--format': REPORTERS,
  '--arrivals': ARRIVALS,
};

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script with which a shell completes commands, flags and names')
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', examples('completion bash >> ~/.bashrc'))
    .action((shell: keyof typeof SCRIPTS) => {
      const commands = program.commands.map((command) => completed(command));
      const help = { name: 'help', summary: 'help for a command', flags: [] };
      const names = commands.map(({ name }) => name);
      process.stdout.write(SCRIPTS[shell]([...commands, { ...help, names }]));
    });
}

function completed(command: Command): Completed {
  const [argument] = command.registeredArguments;
  const names = argument?.name() === 'workload' ? workloadNames : (argument?.argChoices ?? []);
  return {
    name: command.name(),
    summary: command.description(),
    names,
    flags: [...command.options.map(flagOf), HELP],
  };
}

const HELP: CompletedFlag = { name: '--help', summary: 'help for this command', takes: 'nothing' };

function flagOf({ long, description, required, flags }: Option): CompletedFlag {
  const name = long ?? flags;
  const takes = required
    ? (NAMES[name] ?? (/<(?:file|folder)/.test(flags) ? 'path' : 'text'))
    : 'nothing';
  return { name, summary: description, takes };
}
