/** `loopdyno trace` and `loopdyno profile`. */
import type { Command } from 'commander';
import type { Look } from '../studies/inspect/inspect.js';
import type { InspectFlags } from '../studies/inspect/look.js';
import { duration, options, wholeNumber } from './options.js';

/** How long a profile watches, in ms. */
const PROFILE_MS = 1000;

export function addInspect(program: Command): void {
  const command = (name: Look['what'], description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<workload>')
      .requiredOption('--policy <name>', 'the policy that does it')
      .addOption(options.set())
      .option('--out <file>', 'where it goes')
      .addOption(options.seed())
      .addOption(options.config());
  command('trace', 'every turn and step of one batch, for ui.perfetto.dev')
    .option('--jobs <number>', 'how many (default: as many as are in flight)', wholeNumber(1))
    .action(async (workload: string, flags: InspectFlags) => {
      const { KINDS, look } = await import('../studies/inspect/look.js');
      process.exitCode = await look(workload, flags, KINDS.trace, (path) => ({
        what: 'trace',
        path,
        jobs: flags.jobs ?? null,
      }));
    });
  command('profile', 'where the CPU time goes: a .cpuprofile for Chrome or VS Code')
    .option('--time <time>', 'how long to watch (default 1s)', duration)
    .action(async (workload: string, flags: InspectFlags) => {
      const { KINDS, look } = await import('../studies/inspect/look.js');
      process.exitCode = await look(workload, flags, KINDS.profile, (path) => ({
        what: 'profile',
        path,
        ms: flags.time ?? PROFILE_MS,
      }));
    });
}
