/** `loopdyno run`. */
import { Option, type Command } from 'commander';
import type { RunFlags } from '../studies/run/run.js';
import { hint } from '../text/hint.js';
import { UsageError } from '../text/usage.js';
import { examples, options } from './options.js';

export function addRun(program: Command): void {
  program
    .command('run', { isDefault: true })
    .description('measure the policies against each other and report')
    .addHelpText(
      'after',
      examples(
        'run --quick',
        './my-workload.ts --policy microtask,uv,workers',
        'run --workload echo --node 22,24 --runtime bun --install',
        'run --shard 2/5 --json > shard-2.json',
      ),
    )
    .argument('[workload]', 'a workload, or a file that exports some: ./my-workload.ts')
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
    .addOption(options.shard())
    .addOption(options.require())
    .addOption(options.reporter())
    .addOption(options.json())
    .addOption(options.dryRun())
    .addOption(
      new Option('--watch', 'again whenever the file, or what it imports, changes').conflicts(
        'dryRun',
      ),
    )
    .addOption(options.config())
    .addOption(options.results())
    .action(async (workload: string | undefined, flags: RunFlags & { watch?: boolean }) => {
      const [{ run }, { isFile }] = await Promise.all([
        import('../studies/run/run.js'),
        import('../studies/subject.js'),
      ]);
      // Without the word `run`, what is no file is a command that does not exist.
      if (workload !== undefined && program.args[0] === workload && !isFile(workload)) {
        const names = program.commands.map((command) => command.name());
        throw new UsageError(`unknown command '${workload}'${hint(workload, names)}`);
      }
      if (flags.watch === true) {
        const { watchRun } = await import('../studies/run/watch.js');
        process.exitCode = await watchRun(workload, flags);
      } else process.exitCode = await run(workload, flags);
    });
}
