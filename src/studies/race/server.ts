/**
 * A server as the subject of a race: `./server.js`, or a command with `{port}`. Each variant is started by a driver,
 * which asks it and is a contestant as any other: see `fixture/server/driver.ts`.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Found } from '../../config/program.js';
import type { HttpRequest, Ignore, ServerSpec } from '../../fixture/server/requests.js';
import { ROUND, nodeCommand, openRound, type Contestant } from '../../harness/plan.js';
import { titleOf } from '../../runtimes/command.js';
import { UsageError } from '../../text/usage.js';
import type { ArrivalKind } from '../../workload/open-loop.js';
import { answersFile, differenceIn } from './answers.js';
import { shellCommand } from './command.js';
import { compiledIn } from './compiled.js';
import { ignoreOf } from './ignore.js';
import { caseNamed, type Prepared, type Preparing } from './prepared.js';
import { requestsOf } from './requests.js';
import { startOf, type Side } from './sides.js';

export interface ServerSubject {
  readonly kind: 'server';
  readonly name: string;
  /** A file that a runtime is started with; null where it is a command. */
  readonly file: string | null;
  readonly requests: readonly HttpRequest[];
  readonly connections: number;
  readonly ignored: readonly string[];
  readonly ignore: Ignore;
  /** Requests a second, in an open loop; null for as many as are answered. */
  readonly rate: number | null;
  readonly arrivals: ArrivalKind;
  readonly readyMs: number;
}

export interface ServerFlags {
  requests?: string[];
  concurrency?: number;
  ignore?: string[];
  rate?: number;
  arrivals?: ArrivalKind;
  /** Ms in which it has to listen. */
  ready?: number;
}

/** Connections where it is not said; more in an open loop, where they bound what is under way. */
const CONNECTIONS = { closed: 16, open: 64 };

export const READY_MS = 20_000;

const DRIVER = new URL('../../fixture/server/driver.js', import.meta.url);

export function serverSubject(asked: string, isFile: boolean, flags: ServerFlags): ServerSubject {
  const { requests = [], ignore = [], rate = null, arrivals = 'poisson' } = flags;
  if (isFile && !existsSync(resolve(asked))) throw new UsageError(`there is no file '${asked}'`);
  if (requests.length === 0) {
    throw new UsageError(
      `a server is asked something: give --requests, such as / or requests.json, beside '${asked}'`,
    );
  }
  const usual = rate === null ? CONNECTIONS.closed : CONNECTIONS.open;
  return {
    kind: 'server',
    name: asked,
    file: isFile ? resolve(asked) : null,
    requests: requestsOf(requests),
    connections: flags.concurrency ?? usual,
    ignored: ignore,
    ignore: ignoreOf(ignore),
    rate,
    arrivals,
    readyMs: flags.ready ?? READY_MS,
  };
}

export async function prepareServer(
  subject: ServerSubject,
  { sides, scratch, seed }: Preparing,
): Promise<Prepared> {
  const contestants: Contestant[] = [];
  for (const [at, side] of sides.entries()) {
    contestants.push(await contestantOfSide(subject, side, at, scratch));
  }
  const { rate: perSecond, arrivals } = subject;
  return {
    planned: [{ ...caseNamed(subject.name, 'io'), contestants }],
    round: {
      ...(perSecond === null ? ROUND : openRound({ perSecond, arrivals, seed })),
      // Each has a client that keeps a core awake: two at once would get in each other's way.
      atOnce: 1,
    },
    unit: 'requests',
    ignored: subject.ignored,
    difference: (reference, other) => {
      const at = (name: string): number => sides.findIndex((side) => side.name === name);
      return differenceIn(scratch, at(reference), at(other));
    },
  };
}

async function contestantOfSide(
  subject: ServerSubject,
  side: Side,
  at: number,
  scratch: string,
): Promise<Contestant> {
  const { name, runtime, env } = side;
  const found = await commandOfSide(subject, side);
  const file = join(scratch, `server-${at}.json`);
  if (found.ok) {
    const { requests, connections, ignore, readyMs } = subject;
    const spec: ServerSpec = {
      command: found.command.slice(1),
      env,
      requests,
      connections,
      readyMs,
      ignore,
      answers: answersFile(scratch, at),
      mark: basename(scratch),
    };
    await writeFile(file, JSON.stringify(spec));
  }
  const [folder = ''] = found.ok ? found.command : [];
  return {
    name,
    policy: name,
    config: null,
    drives: true,
    ...(runtime?.ok === true && { runtime: titleOf(runtime.runtime) }),
    find: async () =>
      found.ok ? { ok: true, command: [...nodeCommand(DRIVER), file, folder] } : found,
  };
}

/** The folder to run in, then the command. */
async function commandOfSide({ file, name }: ServerSubject, side: Side): Promise<Found> {
  if (file === null) return shellCommand(name, side);
  const { tree } = side;
  if (!tree.ok) return tree;
  const start = startOf(side);
  if (!start.ok) return start;
  const compiled = await compiledIn(file, name, tree.folder);
  if ('ok' in compiled) return compiled;
  return { ok: true, command: [tree.folder, ...start.start, fileURLToPath(compiled)] };
}
