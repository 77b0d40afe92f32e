/** The settings of a configuration: options that the command line has too, and limits. */
import { z } from 'zod';
import { durationMs } from '../text/duration.js';

/** The default memory limit of a contestant's process. */
export const MEMORY_LIMIT_MIB = 2048;

const duration = z
  .union([z.string(), z.number()])
  .refine(
    (value) => durationMs(value) !== null,
    'takes a time such as 90s, 3m or a number of seconds',
  );
const wholeFrom1 = z.int('takes a whole number').min(1, 'takes a whole number from 1');

export const SettingsSchema = z.strictObject({
  /** The policy that ratios refer to. Default `microtask`. */
  reference: z.string().optional(),
  /** How long a run may take, for example `3m`. */
  budget: duration.optional(),
  /** The number of rounds of each case, instead of a budget. */
  rounds: wholeFrom1.optional(),
  seed: z.int('takes a whole number').nonnegative('takes a whole number from 0').optional(),
  /** The folder for results. Default `results`. */
  results: z.string().min(1, 'takes a folder').optional(),
  /** How long a contestant may take to answer before it counts as failed. Default 10 s, and 30 s to start. */
  deadline: duration.optional(),
  /** What contestants run on beside this Node: `node@22`, `bun`, `deno`, or a path. Default: nothing. */
  runtimes: z.array(z.string().min(1, 'takes the name of a runtime')).optional(),
  /** The memory limit of a contestant's process, in MiB. */
  memoryMiB: wholeFrom1.optional().describe(`default ${MEMORY_LIMIT_MIB}`),
});

export type Settings = z.input<typeof SettingsSchema>;
export const SETTING_NAMES = [
  ...Object.keys(SettingsSchema.shape),
  'policies',
  'workloads',
  'programs',
];
