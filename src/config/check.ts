/** Checks the content of a configuration. A ConfigError names the first thing that is wrong. */
import { z } from 'zod';
import { hint } from '../text/hint.js';
import { quote } from '../text/errors.js';
import { valueAt } from '../text/value-at.js';
import { KINDS } from '../workload/workload.js';
import type { Config } from './define.js';
import { ConfigError } from './errors.js';
import { SETTING_NAMES, SettingsSchema } from './settings.js';

const name = z
  .string('takes a name')
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._+-]*$/u,
    'takes letters, digits and . _ + - only, since it is written after a flag',
  );
const callable = z.custom((value) => typeof value === 'function', 'takes a function');
const text = z.string('takes a text');

/** A loose object: a policy or workload may have other properties. */
const PolicySchema = z.looseObject(
  {
    name,
    open: callable,
    probe: callable.optional(),
    summary: text.optional(),
    capabilities: z
      .record(z.string(), z.boolean('takes true or false'), 'takes an object')
      .optional(),
  },
  'takes what definePolicy() gives',
);

const WorkloadSchema = z.looseObject(
  {
    name,
    start: callable,
    kind: z.enum(KINDS, `takes one of ${KINDS.join(', ')}`),
    summary: text,
    cases: z
      .array(
        z.record(
          z.string(),
          z.union([z.number(), z.string()], 'takes a number or a text'),
          'takes an object of parameters',
        ),
        'takes a list, [{}] where there is nothing to vary',
      )
      .min(1, 'takes at least one case, [{}] where there is nothing to vary'),
    fixture: z.object({ module: text, export: text }, 'takes { module, export }').optional(),
    parameters: z.record(z.string(), text, 'takes an object of texts').optional(),
    standard: z.int('takes a number of cases').min(0, 'takes a number of cases').optional(),
  },
  'takes what defineWorkload() gives',
);

const ProgramSchema = z.looseObject(
  {
    name,
    summary: text.optional(),
    workloads: z
      .array(text, 'takes the names of the workloads that it can do')
      .min(1, 'takes at least one workload that it can do'),
    find: callable,
  },
  'takes { name, workloads, find }',
);

export function checkConfig(file: string, config: Config): void {
  const { policies, workloads, programs, ...settings } = config;
  checkSettings(file, settings);
  checkAll(file, 'policies', policies, PolicySchema);
  checkAll(file, 'workloads', workloads, WorkloadSchema);
  checkAll(file, 'programs', programs, ProgramSchema);
}

function checkSettings(file: string, settings: object): void {
  const issue = SettingsSchema.safeParse(settings).error?.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    throw new ConfigError(file, `unknown key '${key}'${hint(key, SETTING_NAMES)}`);
  }
  if (issue !== undefined) throw new ConfigError(file, faultOf(issue, settings));
}

function checkAll(file: string, key: string, all: unknown, schema: z.ZodType): void {
  if (all === undefined) return;
  if (!Array.isArray(all))
    throw new ConfigError(file, `${key} takes a list, but it is ${quote(all)}`);
  for (const [i, one] of all.entries()) {
    const issue = schema.safeParse(one).error?.issues[0];
    if (issue === undefined) continue;
    const named = (one as { name?: unknown } | null)?.name;
    const called = typeof named === 'string' ? ` (${quote(named)})` : '';
    throw new ConfigError(file, `${key}[${i}]${called}: ${faultOf(issue, one)}`);
  }
}

/** For example `budget takes a time such as 90s, but it is 'soon'`. */
function faultOf({ path, message }: z.core.$ZodIssue, whole: unknown): string {
  const place = path.length === 0 ? '' : `${z.core.toDotPath(path)} `;
  return `${place}${message}, but it is ${quote(valueAt(whole, path))}`;
}
