/**
 * The modules that are written for a function of the user, into a folder of its own tree:
 *
 *   results/.cache/race-<random>/job-0.mjs        export const call = (_loop, input) => resize(input)
 *                                config-0.mjs     the configuration of contestant 0
 *                                stand-in-0.mjs   where one is wanted: see `catalogue/stand-in.ts`
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Found } from '../../config/program.js';
import { answersFile } from './answers.js';
import { compiledIn } from './compiled.js';
import type { FunctionSubject } from './function-subject.js';
import type { Side } from './sides.js';

const CONFIG = new URL('../../catalogue/function-file.js', import.meta.url).href;
const STAND_IN = new URL('../../catalogue/stand-in-job.js', import.meta.url).href;

export interface ModuleOptions {
  /** The side's place among all. */
  readonly at: number;
  readonly scratch: string;
  readonly calls: number;
  readonly given: string | null;
  readonly standIn: boolean;
}

/** Returns the path of the configuration, or why there is none. */
export async function writeModules(
  subject: FunctionSubject,
  side: Side,
  folder: string,
  { at, scratch, calls, given, standIn }: ModuleOptions,
): Promise<string | Extract<Found, { ok: false }>> {
  const module = await compiledIn(subject.file, subject.name, folder);
  if ('ok' in module) return module;
  const place = placeIn(folder, scratch);
  await mkdir(place, { recursive: true });
  // By a relative path: the folder may change places with another.
  const path = relative(place, fileURLToPath(module)).split(sep).join('/');
  const { pool, crossing } = side.loop;
  const work = {
    name: subject.name,
    concurrency: subject.concurrency,
    given,
    answers: answersFile(scratch, at),
    pools: pool === undefined ? {} : { [pool.name]: pool.size },
    crossing,
  };
  await writeFile(join(place, `job-${at}.mjs`), jobModule(subject, path, calls));
  if (standIn) await writeFile(join(place, `stand-in-${at}.mjs`), standInModule(at));
  const here = (name: string): string => `new URL('./${name}-${at}.mjs', import.meta.url).href`;
  const config = join(place, `config-${at}.mjs`);
  await writeFile(
    config,
    [
      `import { functionConfig } from ${JSON.stringify(CONFIG)};`,
      `import { call, inputs } from './job-${at}.mjs';`,
      `const job = { module: ${here('job')}, export: ${JSON.stringify(subject.export)}, job: call };`,
      `const work = { ...${JSON.stringify(work)}, job, inputs: await inputs() };`,
      // Without the function: its module is loaded where it runs, and only for that.
      standIn ? `work.standIn = { module: ${here('stand-in')}, export: 'standIn' };` : '',
      `export default await functionConfig(work);`,
      '',
    ].join('\n'),
  );
  return config;
}

/** Removes what was written into the folders of the sides. */
export async function removeModules(sides: readonly Side[], scratch: string): Promise<void> {
  for (const { tree } of sides) {
    if (tree.ok) await rm(placeIn(tree.folder, scratch), { recursive: true, force: true });
  }
}

function placeIn(folder: string, scratch: string): string {
  return join(folder, 'results', '.cache', basename(scratch));
}

function standInModule(at: number): string {
  return [
    `import { standInOf } from ${JSON.stringify(STAND_IN)};`,
    `import { call } from './job-${at}.mjs';`,
    `export const standIn = standInOf(call);`,
    '',
  ].join('\n');
}

/** The name of an error that is a mistake on the command line. */
export const WRONG = 'WrongSubjectError';

/** What it throws at load is said by the contestant's process, in its row. */
export function jobModule(
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
