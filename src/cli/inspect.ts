/** `loopdyno trace` and `loopdyno profile`: one contestant's work, to be looked at. */
import { rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadProject } from '../config/project.js';
import { inspect, type Look } from '../inspect/inspect.js';
import { formatCount } from '../report/format.js';
import { EXIT } from './exit-codes.js';
import { listenForInterruption } from './interruption.js';
import { duration, options, wholeNumber } from './options.js';
import { casePlanOf } from './one-case.js';
import { UsageError } from './usage.js';

interface InspectFlags {
  policy: string;
  set?: string[];
  out?: string;
  jobs?: number;
  time?: number;
  seed?: number;
  config?: string;
}

/** How the file ends, and what there is to say of it. */
const KINDS = {
  trace: {
    ending: 'trace.json',
    seenAs: (events: string, jobs: string) =>
      `${events} events of ${jobs} jobs; open it at https://ui.perfetto.dev`,
  },
  profile: {
    ending: 'cpuprofile',
    seenAs: (samples: string, jobs: string) =>
      `${samples} samples over ${jobs} jobs; open it in Chrome's DevTools (Performance) or VS Code`,
  },
} as const;

/** Ms that a profile watches. */
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
      process.exitCode = await look(workload, flags, KINDS.trace, (path) => ({
        what: 'trace',
        path,
        jobs: flags.jobs ?? null,
      }));
    });
  command('profile', 'where the CPU time goes: a .cpuprofile for Chrome or VS Code')
    .option('--time <time>', 'how long to watch (default 1s)', duration)
    .action(async (workload: string, flags: InspectFlags) => {
      process.exitCode = await look(workload, flags, KINDS.profile, (path) => ({
        what: 'profile',
        path,
        ms: flags.time ?? PROFILE_MS,
      }));
    });
}

async function look(
  name: string,
  flags: InspectFlags,
  { ending, seenAs }: (typeof KINDS)[keyof typeof KINDS],
  lookAt: (path: string) => Look,
): Promise<number> {
  const project = await loadProject(process.cwd(), flags.config);
  const { plan, workload, params } = casePlanOf(project, name, {
    ...flags,
    policy: [flags.policy],
  });
  const [contestant] = plan.cases[0]?.contestants ?? [];
  if (contestant === undefined) throw new UsageError(`no policy '${flags.policy}'`);
  const found = await contestant.find();
  if (!found.ok) {
    process.stderr.write(
      `loopdyno: policy '${flags.policy}' is not available: ${found.reason}. ${found.remedy}\n`,
    );
    return EXIT.notMeasured;
  }
  const path = resolve(flags.out ?? `${name}-${flags.policy}.${ending}`);
  try {
    // A folder that is not there is found before the work; what is in the file stays until then.
    await writeFile(path, '', { flag: 'a' });
  } catch (error) {
    throw new UsageError(`cannot write to '${path}': ${(error as Error).message}`);
  }
  const interruption = listenForInterruption('ending the contestant');
  const { seed, limits } = plan;
  try {
    const { jobs, seen } = await inspect(
      { contestant, command: found.command, workload, params, seed, limits },
      lookAt(path),
      interruption.signal,
    );
    process.stdout.write(`${path}\n`);
    process.stderr.write(`${seenAs(formatCount(seen), formatCount(jobs))}\n`);
    return EXIT.ok;
  } catch (error) {
    if ((await stat(path)).size === 0) await rm(path);
    if (interruption.exitCode !== null) return interruption.exitCode;
    throw error;
  } finally {
    interruption.stop();
  }
}
