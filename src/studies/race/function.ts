/**
 * A function of a user as the subject of a race, `./resize.ts#resize`. A module is written for it, which makes the function
 * the job of a workload (see `catalogue/function-file.ts`); the rest is measured as any workload is.
 *
 *   results/.cache/race-<random>/job-0.mjs       export const call = (_loop, input) => resize(input)
 *                                config-0.mjs    the configuration of contestant 0
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inputsDigest } from '../../catalogue/function-file.js';
import { importModule } from '../../config/import.js';
import type { Found } from '../../config/program.js';
import { ROUND, type Contestant } from '../../harness/plan.js';
import { UsageError } from '../../text/usage.js';
import { answersFile, differenceIn } from './answers.js';
import { callsFor } from './calls.js';
import { compiledIn } from './compiled.js';
import { nodeContestant, unavailable } from './contestants.js';
import { lookedAt } from './look.js';
import { caseNamed, type Prepared, type Preparing } from './prepared.js';
import type { Side } from './sides.js';

export interface FunctionSubject {
  readonly kind: 'function';
  /** As it was asked for. */
  readonly name: string;
  readonly file: string;
  readonly export: string;
  /** Files of JSON, one for each input; without any, the module's own `inputs`. */
  readonly inputs: readonly string[];
  /** An input is the list of all arguments. */
  readonly spread: boolean;
  readonly concurrency: number;
}

const HELPER = new URL('../../catalogue/function-file.js', import.meta.url).href;

export interface FunctionFlags {
  input?: string[];
  spread?: boolean;
  concurrency?: number;
}

export function functionSubject(asked: string, flags: FunctionFlags): FunctionSubject {
  const [path = '', name = 'default'] = asked.split('#', 2);
  if (!existsSync(resolve(path))) throw new UsageError(`there is no file '${path}'`);
  const inputs = (flags.input ?? []).map((file) => resolve(file));
  for (const file of inputs) {
    if (!existsSync(file)) throw new UsageError(`there is no file '${file}' for --input`);
  }
  const { spread = false, concurrency = 4 } = flags;
  return {
    kind: 'function',
    name: asked,
    file: resolve(path),
    export: name,
    inputs,
    spread,
    concurrency,
  };
}

export async function prepareFunction(
  subject: FunctionSubject,
  { sides, scratch }: Preparing,
): Promise<Prepared> {
  const [first] = sides.flatMap(({ tree }) => (tree.ok ? [tree.folder] : []));
  const known = first === undefined ? NOTHING_KNOWN : await lookAt(subject, first, scratch);
  const isVaried = sides.some(({ loop }) => loop.policy !== sides[0]?.loop.policy);
  const calls = isVaried ? 1 : known.calls;
  const contestants: Contestant[] = [];
  for (const [at, side] of sides.entries()) {
    contestants.push(
      await contestantOfSide(subject, side, { at, scratch, calls, given: known.given }),
    );
  }
  return {
    planned: [
      {
        ...caseNamed(subject.name, 'cpu'),
        params: calls === 1 ? {} : { calls },
        contestants,
      },
    ],
    round: ROUND,
    unit: 'calls',
    ignored: [],
    difference: (reference, other) => {
      const at = (name: string): number => sides.findIndex((side) => side.name === name);
      return differenceIn(scratch, at(reference), at(other));
    },
  };
}

async function contestantOfSide(
  subject: FunctionSubject,
  side: Side,
  made: { at: number; scratch: string; calls: number; given: string | null },
): Promise<Contestant> {
  const { tree } = side;
  const config = tree.ok ? await writeModules(subject, side, tree.folder, made) : tree;
  return typeof config === 'string'
    ? nodeContestant(side, config)
    : unavailable(side, config.reason, config.remedy);
}

/** Returns the path of the configuration, or why there is none. */
async function writeModules(
  subject: FunctionSubject,
  side: Side,
  folder: string,
  {
    at,
    scratch,
    calls,
    given,
  }: { at: number; scratch: string; calls: number; given: string | null },
): Promise<string | Extract<Found, { ok: false }>> {
  const module = await compiledIn(subject.file, subject.name, folder);
  if ('ok' in module) return module;
  const place = join(folder, 'results', '.cache', basename(scratch));
  await mkdir(place, { recursive: true });
  // By a relative path: the folder may change places with another.
  const path = relative(place, fileURLToPath(module)).split(sep).join('/');
  const { pool } = side.loop;
  const work = {
    name: subject.name,
    concurrency: subject.concurrency,
    given,
    answers: answersFile(scratch, at),
    pools: pool === undefined ? {} : { [pool.name]: pool.size },
  };
  await writeFile(join(place, `job-${at}.mjs`), jobModule(subject, path, calls));
  const config = join(place, `config-${at}.mjs`);
  await writeFile(
    config,
    [
      `import { functionConfig } from ${JSON.stringify(HELPER)};`,
      `import { call, inputs } from './job-${at}.mjs';`,
      `const job = { module: new URL('./job-${at}.mjs', import.meta.url).href, export: ${JSON.stringify(subject.export)}, job: call };`,
      `export default await functionConfig({ ...${JSON.stringify(work)}, job, inputs: await inputs() });`,
      '',
    ].join('\n'),
  );
  return config;
}

/** Removes what was written into the folders of the sides. */
export async function removeModules(sides: readonly Side[], scratch: string): Promise<void> {
  for (const { tree } of sides) {
    if (!tree.ok) continue;
    await rm(join(tree.folder, 'results', '.cache', basename(scratch)), {
      recursive: true,
      force: true,
    });
  }
}

/** What it throws at load is said by the contestant's process, in its row; here it is a mistake on the command line. */
function jobModule(
  { name, export: wanted, inputs, spread }: FunctionSubject,
  path: string,
  calls: number,
): string {
  const call = `of(${spread ? '...input' : 'input'})`;
  const loop = `{ let last; for (let i = 0; i < ${calls}; i++) last = ${call}; return last; }`;
  const own =
    inputs.length > 0
      ? `${JSON.stringify(inputs)}.map((file) => JSON.parse(readFileSync(file, 'utf8')))`
      : `typeof theirs.inputs === 'function' ? theirs.inputs() : theirs.inputs`;
  return [
    `import { readFileSync } from 'node:fs';`,
    `import * as theirs from ${JSON.stringify(path)};`,
    `const wrong = (message) => Object.assign(new Error(message), { name: '${WRONG}' });`,
    `const of = theirs[${JSON.stringify(wanted)}] ?? theirs.default?.[${JSON.stringify(wanted)}];`,
    `if (typeof of !== 'function') {`,
    `  const names = Object.keys(theirs).filter((each) => typeof theirs[each] === 'function');`,
    `  throw wrong(${JSON.stringify(`${name} is no function: the file exports `)} + (names.join(', ') || 'none'));`,
    `}`,
    `const call = (_loop, input) => ${calls === 1 ? call : loop};`,
    `export { call, call as ${JSON.stringify(wanted)} };`,
    `export const inputs = async () => {`,
    `  const all = await (${own});`,
    `  if (all === undefined && of.length === 0) return [undefined];`,
    spread
      ? `  if (!all?.every?.(Array.isArray)) throw wrong('--spread takes inputs that are lists of arguments');`
      : '',
    `  if (Array.isArray(all) && all.length > 0) return all;`,
    `  throw wrong(${JSON.stringify(`${name} takes inputs: give --input file.json, or export const inputs = […] beside it`)});`,
    `};`,
    '',
  ].join('\n');
}

const WRONG = 'WrongSubjectError';

interface JobModule {
  call(loop: null, input: unknown): unknown;
  inputs(): Promise<readonly unknown[]>;
}

interface Known {
  /** The digest of its inputs. */
  readonly given: string | null;
  /** Calls that make up a job: see `calls.ts`. */
  readonly calls: number;
}

/** It cannot be loaded here, which its contestants then say for themselves. */
const NOTHING_KNOWN: Known = { given: null, calls: 1 };

/** A first look, in this process: at the inputs, and at how long a call takes. */
async function lookAt(subject: FunctionSubject, folder: string, scratch: string): Promise<Known> {
  const module = await compiledIn(subject.file, subject.name, folder);
  if ('ok' in module) return NOTHING_KNOWN;
  const file = join(scratch, 'look.mjs');
  await writeFile(file, jobModule(subject, module.href, 1));
  try {
    return await lookedAt(async () => {
      const job = await importModule<JobModule>(pathToFileURL(file).href);
      const all = await job.inputs();
      const call = (nth: number): unknown => job.call(null, all[nth % all.length]);
      return { given: inputsDigest(all), calls: callsFor(call) };
    });
  } catch (error) {
    if (error instanceof Error && error.name === WRONG) throw new UsageError(error.message);
    return NOTHING_KNOWN;
  }
}
