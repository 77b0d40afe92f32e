/**
 * Loaded before a program that is weighed: `node --expose-gc --import 'weighed.js?to=FILE' …`. At SIGUSR2 it
 * writes what the process holds, and ends it. Until then it is a handler of a signal, and no more.
 */
import { readdirSync, writeFileSync } from 'node:fs';

export interface Amounts {
  /** After a collection. With array buffers: histograms are made of them. */
  readonly heapBytes: number;
  /** Scripts that came from files; Node's own are not among them. */
  readonly modules: number;
  /** Null where the system does not say. */
  readonly threads: number | null;
}

export interface Holding extends Amounts {
  /** Digests of the values by name: they go through a file. */
  readonly environment: Readonly<Record<string, string>>;
}

process.once('SIGUSR2', () => {
  gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const heapBytes = heapUsed + arrayBuffers;
  void report({ heapBytes, threads: threads() });
});

/** What it takes to look further is loaded only now, and so not in the heap that it tells. */
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
  session.post('Debugger.enable'); // tells of all scripts that are there
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
