/** The runtimes on this machine, and those in our cache: `loopdyno runtimes`. */
import { plainTable } from '../../report/table.js';
import { cached, cacheFolder, emptyCache, type Cached } from '../../runtimes/cache.js';
import { titleOf } from '../../runtimes/command.js';
import { installed, resolveRuntime } from '../../runtimes/runtime.js';
import { RUNTIME_KINDS, runtimeSpec, type RuntimeKind } from '../../runtimes/spec.js';
import { cleanText } from '../../text/clean.js';
import { LoopdynoError } from '../../text/errors.js';
import { formatBytes } from '../../text/format.js';
import { printJson, say } from '../terminal.js';

export interface RuntimesFlags {
  install?: string[];
  empty?: boolean;
  json?: boolean;
}

/** A runtime that was asked for cannot be had. */
export class NoRuntimeError extends LoopdynoError {}

interface Listing {
  readonly runtimes: readonly { kind: RuntimeKind; version: string; path: string }[];
  readonly cache: { readonly folder: string; readonly entries: readonly Cached[] };
}

export async function runtimes({ install = [], empty, json }: RuntimesFlags): Promise<void> {
  const specs = install.map(runtimeSpec);
  if (empty === true) await emptyCache();
  for (const spec of specs) {
    const found = await resolveRuntime(spec, { install: true, say });
    if (!found.ok) throw new NoRuntimeError(found.reason);
    say(`${titleOf(found.runtime)} is at ${found.runtime.path}`);
  }
  const all: Listing = {
    runtimes: (await Promise.all(RUNTIME_KINDS.map(ofKind))).flat(),
    cache: { folder: cacheFolder(), entries: await cached() },
  };
  if (json === true) printJson(all);
  else process.stdout.write(render(all));
}

async function ofKind(kind: RuntimeKind): Promise<Listing['runtimes']> {
  return (await installed(kind)).map(({ version, path }) => ({ kind, version, path }));
}

function render({ runtimes: all, cache: { folder, entries } }: Listing): string {
  const rows = all.map((each) => [titleOf(each), cleanText(each.path)]);
  const bytes = entries.reduce((sum, each) => sum + each.bytes, 0);
  const names = entries.map(({ name }) => name).join(', ');
  const held =
    entries.length === 0
      ? `The cache, ${folder}, is empty; --install node@22 fetches one from the npm registry.`
      : `The cache, ${folder}, holds ${names}: ${formatBytes(bytes)}. --empty removes them.`;
  return `${plainTable(['runtime', 'path'], rows, 2)}\n${held}\n`;
}
