/** The project's own files that a module consists of: it, and what it imports. */
import { extname, sep } from 'node:path';
import type { Plugin } from 'esbuild';

const SOURCES = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json']);

/**
 * esbuild follows the imports. Of a file that cannot be read, the others are found all the same: whoever runs the
 * module says what is wrong.
 */
export async function filesOf(entries: readonly string[]): Promise<Set<string>> {
  const { build } = await import('esbuild');
  const files = new Set(entries);
  const note: Plugin = {
    name: 'note',
    setup(plugin) {
      plugin.onLoad({ filter: /.*/ }, ({ path }) => {
        const installed = path.split(sep).includes('node_modules');
        if (!installed) files.add(path);
        return installed || !SOURCES.has(extname(path)) ? { contents: '', loader: 'empty' } : null;
      });
    },
  };
  await build({
    entryPoints: [...entries],
    outdir: '.', // nothing is written
    write: false,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['loopdyno', 'loopdyno/*'],
    logLevel: 'silent',
    plugins: [note],
  }).catch(() => {});
  return files;
}
