/**
 * Compiles a TypeScript configuration to JavaScript that plain Node can load. Only compiled JavaScript is measured: a
 * loader that compiles at run time would sit in every contestant and change what runs.
 *
 *   bench/loopdyno.config.ts            results/.cache/config-<hash>/bench/loopdyno.config.mjs
 *   bench/my-policy.ts          ─▶                                  bench/my-policy.mjs
 *   shared/words.json                   (stays where it is, named by its URL)
 *
 * Each file is compiled by itself and not bundled: a portable job is found again by its module's URL and its export,
 * and a bundle would have neither. So the project's own imports are followed, files are laid out as they were, and
 * specifiers are rewritten: to the compiled sibling, to the URL of a file that is not TypeScript, and `loopdyno` to
 * this very package, so that a project that runs `npx loopdyno` without having installed it shares the running one.
 * esbuild resolves bare specifiers: it knows workspaces, `imports` of package.json and `paths` of tsconfig.json.
 * Imports of installed packages stay as written, and resolve from the project, since the cache is inside it.
 *
 * `import.meta.url` is that of the compiled file. `import.meta.dirname` and `filename` are those of the source, for
 * data files beside it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildFailure, Plugin } from 'esbuild';
import { ConfigError } from './errors.js';

const TYPESCRIPT = new Set(['.ts', '.mts']);
/** How long an unused compiled configuration is kept, in ms. */
const KEPT_MS = 24 * 3600 * 1000;

/** What `loopdyno` and `loopdyno/…` resolve to. */
const OWN: Readonly<Record<string, URL>> = {
  loopdyno: new URL('../index.js', import.meta.url),
  'loopdyno/conformance': new URL('../conformance/index.js', import.meta.url),
  'loopdyno/schema': new URL('../documents/index.js', import.meta.url),
};

export function isTypeScript(file: string): boolean {
  return TYPESCRIPT.has(extname(file));
}

/**
 * Compiles `entry` and the project's files that it imports. Returns the URL of the compiled entry. What is compiled is
 * kept in `project`, the folder from which Node then resolves its imports.
 */
export async function compileConfig(entry: string, project = dirname(entry)): Promise<URL> {
  const outputs = new Map<string, string>();
  const left = [entry];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (outputs.has(file)) continue;
    const { code, imports } = await compileFile(file, project);
    outputs.set(file, code);
    left.push(...imports);
  }
  const root = commonFolder([...outputs.keys()]);
  const hash = createHash('sha256').update(JSON.stringify([...outputs]));
  const cache = join(project, 'results', '.cache');
  const folder = join(cache, `config-${hash.digest('hex').slice(0, 16)}`);
  await write(cache, folder, root, outputs);
  await removeOld(cache, folder);
  return pathToFileURL(join(folder, compiledName(relative(root, entry))));
}

/** `project` is the folder from which Node resolves imports of the compiled file. */
async function compileFile(
  file: string,
  project: string,
): Promise<{ code: string; imports: string[] }> {
  const { build } = await import('esbuild');
  const imports: string[] = [];
  const rewrite: Plugin = {
    name: 'rewrite',
    setup(plugin) {
      plugin.onResolve(
        { filter: /.*/ },
        async ({ path, kind, importer, resolveDir, pluginData }) => {
          if (kind === 'entry-point' || pluginData === ASKED) return null;
          if (OWN[path] !== undefined) return { path: OWN[path].href, external: true };
          let found = path.startsWith('.') ? findFile(resolve(dirname(importer), path)) : null;
          if (found === null && !isBuiltin(path)) {
            const meant = await plugin.resolve(path, {
              kind,
              importer,
              resolveDir,
              pluginData: ASKED,
            });
            if (meant.errors.length === 0 && !meant.external) found = meant.path;
          }
          if (found === null) {
            if (path.startsWith('.')) return { errors: [{ text: `there is no file ${path}` }] };
            return { path, external: true }; // Node will report what is wrong with it
          }
          if (isTypeScript(found)) {
            imports.push(found);
            return { path: siblingPath(importer, found), external: true };
          }
          if (isInstalled(found) && isWithin(importer, project)) return { path, external: true };
          return { path: pathToFileURL(found).href, external: true };
        },
      );
    },
  };
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      conditions: [], // Node's conditions, not a bundler's
      target: `node${process.versions.node}`,
      // Places in error messages refer to the source, and the output is the same from whatever folder.
      absWorkingDir: dirname(file),
      sourcemap: 'inline',
      sourcesContent: false,
      sourceRoot: pathToFileURL(`${dirname(file)}/`).href,
      logLevel: 'silent',
      plugins: [rewrite],
      define: {
        'import.meta.dirname': JSON.stringify(dirname(file)),
        'import.meta.filename': JSON.stringify(file),
      },
    });
    return { code: outputFiles[0]?.text ?? '', imports };
  } catch (cause) {
    throw compileError(file, cause);
  }
}

/** Marks a resolution that this plugin has asked esbuild for. */
const ASKED = Symbol('asked of esbuild');

function isInstalled(file: string): boolean {
  return file.split(sep).includes('node_modules');
}

function isWithin(file: string, folder: string): boolean {
  return file.startsWith(folder + sep);
}

function compileError(file: string, cause: unknown): ConfigError {
  const [first] = (cause as Partial<BuildFailure>).errors ?? [];
  const at = first?.location;
  const place = at == null ? '' : `line ${at.line}, column ${at.column + 1}: `;
  return new ConfigError(file, `${place}${first?.text ?? String(cause)}`, { cause });
}

/** Throws a ConfigError with the place, which Node's own SyntaxError lacks, if the file is not JavaScript. */
export async function checkSyntax(file: string): Promise<void> {
  const { transform } = await import('esbuild');
  const text = await readFile(file, 'utf8');
  await transform(text, { loader: 'js', logLevel: 'silent' }).catch((cause: unknown) => {
    throw compileError(file, cause);
  });
}

/**
 * Finds a file by a specifier with the extension of the source or of the output, as users of Node and TypeScript write
 * them.
 */
function findFile(path: string): string | null {
  const asSource = path.replace(/\.(m?)js$/, '.$1ts');
  const candidates = [path, asSource, `${path}.ts`, `${path}.mts`, join(path, 'index.ts')];
  return candidates.find((each) => existsSync(each) && statSync(each).isFile()) ?? null;
}

function siblingPath(from: string, to: string): string {
  const path = compiledName(relative(dirname(from), to))
    .split(sep)
    .join('/');
  return path.startsWith('.') ? path : `./${path}`;
}

function compiledName(path: string): string {
  return path.replace(/\.m?ts$/, '.mjs');
}

function commonFolder(files: readonly string[]): string {
  let [common = ''] = files.map((file) => dirname(file));
  for (const file of files) {
    while (!file.startsWith(common + sep) && common !== dirname(common)) common = dirname(common);
  }
  return common;
}

/** Writes beside the target and renames into it: another run may be reading the same folder. */
async function write(
  cache: string,
  folder: string,
  root: string,
  outputs: ReadonlyMap<string, string>,
): Promise<void> {
  if (existsSync(folder)) {
    // Mark the folder as used, so that a run with another configuration does not remove it. Failing to do so is
    // harmless: then somebody else owns the folder.
    const now = new Date();
    return utimes(folder, now, now).catch(() => {});
  }
  const making = join(cache, `.config-${randomBytes(6).toString('hex')}`);
  try {
    for (const [file, code] of outputs) {
      const path = join(making, compiledName(relative(root, file)));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, code);
    }
    await rename(making, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error; // otherwise another run was first
    });
  } catch (cause) {
    throw new ConfigError(
      fileURLToPath(pathToFileURL(cache)),
      `the compiled configuration cannot be written here (${(cause as Error).message}): ` +
        'make the folder writable, or use a JavaScript configuration',
      { cause },
    );
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Removes old configurations, and what a run that was killed had not finished. */
async function removeOld(cache: string, current: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const folder = join(cache, name);
    if (!/^\.?config-/.test(name) || folder === current) continue;
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > KEPT_MS) await rm(folder, { recursive: true, force: true });
  }
}
