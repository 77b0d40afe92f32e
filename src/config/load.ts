/** Imports a configuration. If that fails, the error says where the fault is. */
import { quote } from '../text/errors.js';
import { checkSyntax, isTypeScript } from './compile.js';
import type { Config } from './define.js';
import { ConfigError } from './errors.js';
import { importConfig } from './import.js';

const PACKAGE = new URL('../../../', import.meta.url).href;

/** `url` is the URL of `file` as JavaScript. */
export async function loadConfig(file: string, url: string): Promise<Config> {
  const before = process.sourceMapsEnabled;
  let exported: unknown;
  // Places in error messages then refer to the TypeScript. Only in this process: contestants run without source maps.
  process.setSourceMapsEnabled(true);
  try {
    exported = await importConfig(url);
    // A copy, so that a getter that throws does so here.
    if (isRecord(exported)) return { ...exported };
  } catch (cause) {
    if (cause instanceof SyntaxError && !isTypeScript(file)) await checkSyntax(file);
    throw new ConfigError(file, `it cannot be loaded: ${reasonOf(cause)}`, { cause });
  } finally {
    process.setSourceMapsEnabled(before);
  }
  throw new ConfigError(
    file,
    `its default export is ${quote(exported)}: write \`export default defineConfig({ … })\``,
  );
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return `it threw ${quote(cause)}`;
  const message = cause.message.replaceAll(/\s+/g, ' ');
  if (message.startsWith("Cannot find package 'loopdyno'")) {
    return (
      `${message}: \`npm install --save-dev loopdyno\`, or make it a TypeScript configuration, ` +
      'which finds the loopdyno that runs it'
    );
  }
  const place = placeOf(cause);
  return place === null ? message : `${message} (${place})`;
}

/** The innermost stack frame in the project's own code. */
function placeOf({ stack = '' }: Error): string | null {
  const frames = stack.matchAll(/^ {4}at (?:.*\()?((?:file:|\/|[A-Z]:\\).*:\d+:\d+)\)?$/gm);
  for (const [, place = ''] of frames) {
    if (!place.startsWith(PACKAGE)) return place.replace(/^file:\/\//, '');
  }
  return null;
}
