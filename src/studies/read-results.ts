/** Reads a results file that is named on the command line: the file itself, or its folder. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseResults } from '../documents/parse-results.js';
import type { Results } from '../documents/results.js';
import { judged } from '../analysis/verdicts.js';
import { UsageError } from '../text/usage.js';

export async function readResults(path: string): Promise<Results> {
  try {
    const file = (await stat(path)).isDirectory() ? join(path, 'results.json') : path;
    return judged(parseResults(await readFile(file, 'utf8'), file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const why = code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new UsageError(`cannot read '${path}': ${why}; \`loopdyno run\` leaves one in results/`);
  }
}
