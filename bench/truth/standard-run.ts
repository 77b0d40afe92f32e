/** `loopdyno run`, as a user starts it, in a folder of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Results } from '../../src/documents/results.js';
import { readResults } from '../../src/studies/read-results.js';

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export async function standardRun(flags: readonly string[], signal: AbortSignal): Promise<Results> {
  // No project's configuration is found there.
  const folder = await mkdtemp(join(tmpdir(), 'loopdyno-truth-'));
  try {
    await ended([MAIN, 'run', '--results', folder, ...flags], folder, signal);
    signal.throwIfAborted();
    return await readResults(join(folder, 'latest'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Whatever its exit status says: a run in which a cell failed has results, too. */
function ended(args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    // In a process group of its own: Ctrl-C comes once, from here, and it ends its children in good order.
    const run = spawn(process.execPath, args, {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
    const interrupt = (): void => void run.kill('SIGINT');
    signal.addEventListener('abort', interrupt);
    run.once('error', reject);
    run.once('close', () => {
      signal.removeEventListener('abort', interrupt);
      resolve();
    });
  });
}
