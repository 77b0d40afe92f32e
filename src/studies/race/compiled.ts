/** A file of the subject in the tree of a side, as JavaScript. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileConfig, isTypeScript } from '../../config/compile.js';
import { ConfigError } from '../../config/errors.js';
import type { Found } from '../../config/program.js';

export async function compiledIn(
  file: string,
  name: string,
  folder: string,
): Promise<URL | Extract<Found, { ok: false }>> {
  const own = join(folder, relative(process.cwd(), file));
  const remedy = 'race another tree';
  if (!existsSync(own)) {
    return { ok: false, reason: `this tree has no '${name.split('#')[0] ?? ''}'`, remedy };
  }
  if (!isTypeScript(own)) return pathToFileURL(own);
  try {
    return await compileConfig(own, folder);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { ok: false, reason: error.message, remedy };
  }
}
