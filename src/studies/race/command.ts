/** A command as the subject of a race, such as `npm run build`: whole processes, see `harness/command-case.ts`. */
import { basename } from 'node:path';
import type { Found } from '../../config/program.js';
import { textWithout } from '../../fixture/server/answer.js';
import type { Ignore } from '../../fixture/server/requests.js';
import { CommandCase } from '../../harness/command-case.js';
import { ROUND, type Contestant } from '../../harness/plan.js';
import { ignoreOf } from './ignore.js';
import { caseNamed, type Prepared, type Preparing } from './prepared.js';
import { startOf, type Side } from './sides.js';

export interface CommandSubject {
  readonly kind: 'command';
  readonly name: string;
  readonly file: null;
  readonly ignored: readonly string[];
  readonly ignore: Ignore;
  readonly deadlineMs: number;
}

export interface CommandFlags {
  ignore?: string[];
  /** Ms that a run may take. */
  timeout?: number;
}

const DEADLINE_MS = 600_000;

export function commandSubject(
  name: string,
  { ignore = [], timeout }: CommandFlags,
): CommandSubject {
  return {
    kind: 'command',
    name,
    file: null,
    ignored: ignore,
    ignore: ignoreOf(ignore),
    deadlineMs: timeout ?? DEADLINE_MS,
  };
}

export function prepareCommand(
  { name, ignored, ignore, deadlineMs }: CommandSubject,
  { sides, scratch }: Preparing,
): Prepared {
  const contestants = sides.map((side): Contestant => ({
    name: side.name,
    policy: side.name,
    config: null,
    env: side.env,
    find: async () => shellCommand(name, side),
  }));
  const options = {
    deadlineMs,
    mark: basename(scratch),
    textOf: (printed: string): string => (ignore.body ? '' : textWithout(printed, ignore.patterns)),
  };
  return {
    planned: [{ ...caseNamed(name, 'mixed'), contestants }],
    round: ROUND,
    unit: 'runs',
    ignored,
    openCase: (context, planned, found) => new CommandCase(context, planned, found, options),
    difference: () => null, // it is said at once
  };
}

/** The folder to run in, then the command; `{runtime}` in it is what the side runs on. */
export function shellCommand(text: string, side: Side): Found {
  if (!side.tree.ok) return side.tree;
  const start = startOf(side);
  if (!start.ok) return start;
  const runtime = start.start.map((each) => `'${each.replaceAll("'", `'\\''`)}'`).join(' ');
  const command = text.replaceAll('{runtime}', () => runtime);
  return { ok: true, command: [side.tree.folder, '/bin/sh', '-c', command] };
}
