/**
 * Loaded before a program that is to be weighed: `node --expose-gc --import 'weighed.js?to=FILE' …`. On SIGUSR2 it
 * writes the resources that the process holds, and ends the process. Until then it is only a signal handler.
 */
import { readdirSync, writeFileSync } from 'node:fs';

export interface Amounts {
  /** Heap after a collection, in bytes. Array buffers are included, since histograms are made of them. */
  readonly heapBytes: number;
  /** Scripts that came from files, without Node's own. */
  readonly modules: number;
  /** Null where the system does not report it. */
  readonly threads: number | null;
}

export interface Holding extends Amounts {
  /** Digests of the values, by name: they are written to a file. */
  readonly environment: Readonly<Record<string, string>>;
}

process.once('SIGUSR2', () => {
  gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const heapBytes = heapUsed + arrayBuffers;
  void report({ heapBytes, threads: threads() });
});

/** The tools for a closer look are loaded only now, so the reported heap does not contain them. */
async function report(first: Omit<Amounts, 'modules'>): Promise<void> {
  const { createHash } = await import('node:crypto');
  const { Session } = await import('node:inspector');
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  const environment = Object.fromEntries(
    Object.entries(process.env).map(([name, value = '']) => [name, digest(value)]),
  );
  const files = new Set<string>();
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    if (url.startsWith('file:')) files.add(url);
  });
  session.post('Debugger.enable'); // reports all scripts that are loaded
  files.delete(import.meta.url);
  const holding: Holding = { ...first, modules: files.size, environment };
  writeFileSync(new URL(import.meta.url).searchParams.get('to') as string, JSON.stringify(holding));
  process.exit();
}

function threads(): number | null {
  try {
    return readdirSync('/proc/self/task').length;
  } catch {
    return null;
  }
}
