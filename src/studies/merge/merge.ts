/** `loopdyno merge`: several saved runs as one. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createRunFolder, pointLatest, saveFiles } from '../../documents/store.js';
import { UsageError } from '../../text/usage.js';
import { printResults } from '../print-results.js';
import { readResults } from '../read-results.js';
import { reportersOf, type ReporterFlags } from '../reporters.js';
import { runFiles } from '../run/files.js';
import { exitCodeOf } from '../run/run.js';
import { FILE, filesBelow } from '../saved-files.js';
import { savedText } from '../study.js';
import { agree, type Allowed, type SavedRun } from './agree.js';
import { wholeOf } from './whole.js';

export interface MergeFlags extends ReporterFlags, Allowed {
  results?: string;
}

/** `paths`: results files, or folders with one or with several below. */
export async function merge(paths: readonly string[], flags: MergeFlags): Promise<number> {
  const runs: SavedRun[] = [];
  for (const file of (await Promise.all(paths.map(filesOf))).flat()) {
    runs.push({ file, results: await readResults(file) });
  }
  const missing = agree(runs, flags);
  const whole = wholeOf(runs, missing, process.argv.slice(2));
  const { commit } = whole.fingerprint;
  const folder = await createRunFolder(flags.results ?? 'results', {
    startedAt: new Date(),
    commit,
  });
  const files = await runFiles(whole);
  await saveFiles(folder, files);
  await pointLatest(folder);
  printResults(whole, reportersOf(flags));
  process.stderr.write(savedText(folder, Object.keys(files)));
  return exitCodeOf(whole);
}

async function filesOf(path: string): Promise<string[]> {
  const own = join(path, FILE);
  // What is not there is a matter of whoever reads it.
  if (!(await isFolder(path)) || (await isThere(own))) return [path];
  const files = await filesBelow(path);
  if (files.length > 0) return files;
  throw new UsageError(
    `there is no run in '${path}': it takes results files, or a folder with ${FILE} files in it`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
