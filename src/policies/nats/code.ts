/**
 * Which code a job is. A job names a file relative to a root, which submitter and agent each have, and carries a hash
 * of that file and of all that it imports by a relative path. An agent runs it only if its own files give the same.
 *
 *   root/app/jobs.js ── imports ./price.js ── imports ../shared/tax.js     one hash of the three
 *
 * Imports are found by their form, without parsing: what looks like one and is no file is passed over, on both sides
 * alike. Packages and computed imports are not part of the hash.
 */
import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { JobModuleError, JobVersionError, quote } from '../../loop/errors.js';

export interface Code {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly hash: string;
}

/** Guards against a module that imports half of the disk. */
const MOST_FILES = 2000;
const IMPORT = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*['"](\.{1,2}\/[^'"\n]+)['"]/g;

/** The submitter's side: what to call a job's module. */
export async function codeOf(root: string, module: string): Promise<Code> {
  const file = fileOf(module);
  const path = await pathUnder(root, file, module);
  return { path: path.split(sep).join('/'), hash: await hashOf(file, module) };
}

function fileOf(module: string): string {
  try {
    if (module.startsWith('file:')) return fileURLToPath(module);
  } catch {
    // It is refused below.
  }
  if (isAbsolute(module)) return module;
  throw new JobModuleError(
    `cannot send the job's module ${quote(module)}: agents find it as a file under their root: ` +
      'make the job with portable(import.meta.url, …)',
  );
}

/** The agent's side: the URL of the module, if it is under the root and has that hash. */
export async function moduleUnder(root: string, code: Code): Promise<string> {
  const { path, hash } = code;
  if (path === '' || path.includes('\0') || path.includes('\\') || /^[a-z]+:|^\//i.test(path)) {
    throw outside(root, path);
  }
  if (path.split('/').includes('..')) throw outside(root, path);
  const file = resolve(root, path);
  await pathUnder(root, file, path);
  const own = await hashOf(file, path);
  if (own === hash) return pathToFileURL(file).href;
  throw new JobVersionError(
    `the job's module ${quote(path)} has the hash ${own} here, and ${quote(hash)} where it was submitted: ` +
      'give the agents the same files',
  );
}

async function pathUnder(root: string, file: string, module: string): Promise<string> {
  let real: string;
  try {
    real = await realpath(file);
    if (!(await stat(real)).isFile()) throw new Error('it is no file');
  } catch (cause) {
    throw new JobModuleError(
      `cannot load the job's module ${quote(module)}: ${(cause as Error).message}`,
      { cause },
    );
  }
  const path = relative(await realpath(root), real);
  if (path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path))
    return path;
  throw outside(root, module);
}

function outside(root: string, module: string): JobModuleError {
  return new JobModuleError(
    `the job's module ${quote(module)} is not under the root ${quote(root)}: agents run nothing else`,
  );
}

async function hashOf(file: string, module: string): Promise<string> {
  const texts = new Map<string, string>();
  const left = [file];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (texts.has(next)) continue;
    const content = await textOf(next);
    if (content === null) continue;
    if (texts.size === MOST_FILES) {
      throw new JobModuleError(
        `the job's module ${quote(module)} imports more than ${MOST_FILES} files: put the job into a smaller one`,
      );
    }
    texts.set(next, content);
    for (const [, to = ''] of content.matchAll(IMPORT)) left.push(join(dirname(next), to));
  }
  const hash = createHash('sha256');
  const named = [...texts].map(([name, content]) => [relative(dirname(file), name), content]);
  for (const [name = '', content = ''] of named.toSorted(([a = ''], [b = '']) =>
    a < b ? -1 : 1,
  )) {
    hash.update(`${name.split(sep).join('/')}\0${content.length}\0${content}`);
  }
  return hash.digest('hex').slice(0, 32);
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'latin1');
  } catch {
    return null; // only looked like an import, or is written without its extension
  }
}
