/** `loopdyno trace` and `loopdyno profile`: inspect one contestant's work. */
import { rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatCount } from '../../text/format.js';
import { UsageError } from '../../text/usage.js';
import { EXIT } from '../exit-codes.js';
import { InterruptedError, listenForInterruption } from '../interruption.js';
import { casePlanOf } from '../one-case.js';
import { oneSubject } from '../subject.js';
import { inspect, type Look } from './inspect.js';

export interface InspectFlags {
  policy: string;
  set?: string[];
  out?: string;
  jobs?: number;
  time?: number;
  seed?: number;
  config?: string;
}

/** The extension of the file, and the message about it. */
export const KINDS = {
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

export async function look(
  asked: string,
  flags: InspectFlags,
  { ending, seenAs }: (typeof KINDS)[keyof typeof KINDS],
  lookAt: (path: string) => Look,
): Promise<number> {
  const { project, workload: name } = await oneSubject(asked, flags);
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
    // A missing folder is found before the work. The content of an existing file stays until then.
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
    throw interruption.exitCode === null ? error : new InterruptedError(interruption.exitCode);
  } finally {
    interruption.stop();
  }
}
