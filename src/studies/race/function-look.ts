/** A first look at a function of the user, in this process: at its inputs, and at how long a call takes. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serialize } from 'node:v8';
import { bytesIn } from '../../catalogue/crossing.js';
import { inputsDigest } from '../../catalogue/function-file.js';
import { importModule } from '../../config/import.js';
import { mean } from '../../stats/moments.js';
import { UsageError } from '../../text/usage.js';
import { callsFor } from './calls.js';
import { compiledIn } from './compiled.js';
import { WRONG, jobModule } from './function-modules.js';
import type { FunctionSubject } from './function-subject.js';
import { lookedAt } from './look.js';

export interface Known {
  /** The digest of its inputs. */
  readonly given: string | null;
  /** Calls that make up a job: see `calls.ts`. */
  readonly calls: number;
  /** In the buffers of an input, in the mean; null if they were not seen. */
  readonly bufferBytes: number | null;
  /** What has to cross for a job, as a message has it: the mean of all inputs. Null where it cannot be told. */
  readonly bytes: { readonly in: number; readonly out: number } | null;
  readonly isAsync: boolean;
}

/** It cannot be loaded here, which its contestants then say for themselves. */
export const NOTHING_KNOWN: Known = {
  given: null,
  calls: 1,
  bufferBytes: null,
  bytes: null,
  isAsync: false,
};

/** Results that are looked at: they tell how large one is. */
const MOST_RESULTS = 8;

interface JobModule {
  call(loop: null, input: unknown): unknown;
  inputs(): Promise<readonly unknown[]>;
}

/** What is a mistake on the command line is thrown. */
export async function lookAt(
  subject: FunctionSubject,
  folder: string,
  scratch: string,
): Promise<Known> {
  const module = await compiledIn(subject.file, subject.name, folder);
  if ('ok' in module) return NOTHING_KNOWN;
  const file = join(scratch, 'look.mjs');
  await writeFile(file, jobModule(subject, module.href, 1));
  try {
    return await lookedAt(async () => {
      const job = await importModule<JobModule>(pathToFileURL(file).href);
      const all = await job.inputs();
      const given = inputsDigest(all);
      const call = (nth: number): unknown => job.call(null, all[nth % all.length]);
      const calls = callsFor(call);
      const results = all.slice(0, MOST_RESULTS).map((_, nth) => call(nth));
      return {
        given,
        calls,
        bufferBytes: meanOf(all, bytesIn),
        bytes: bytesOf(all, await Promise.all(results)),
        isAsync: results.some((result) => result instanceof Promise),
      };
    });
  } catch (error) {
    if (error instanceof Error && error.name === WRONG) throw new UsageError(error.message);
    return NOTHING_KNOWN;
  }
}

function bytesOf(inputs: readonly unknown[], results: readonly unknown[]): Known['bytes'] {
  const size = (value: unknown): number => serialize(value).byteLength;
  try {
    return { in: meanOf(inputs, size), out: meanOf(results, size) };
  } catch {
    return null; // something that cannot cross
  }
}

function meanOf(values: readonly unknown[], of: (value: unknown) => number): number {
  return mean(values.map(of));
}
