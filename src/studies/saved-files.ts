/** Finds saved runs: every `results.json` below a folder. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../text/usage.js';

export const FILE = 'results.json';

/** Sorted. A link, such as `latest`, leads to a run that is there anyway. */
export async function filesBelow(folder: string): Promise<string[]> {
  try {
    // A link that is named is followed.
    const top = (await stat(folder)).isDirectory() ? await realpath(folder) : folder;
    const entries = await readdir(top, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name === FILE)
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/[/\\](\.cache|node_modules)[/\\]/.test(path.slice(top.length)))
      .toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such folder'
        : code === 'ENOTDIR'
          ? 'it is no folder'
          : (error as Error).message;
    throw new UsageError(`cannot read '${folder}': ${why}`);
  }
}
