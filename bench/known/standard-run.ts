/** Runs `loopdyno run` as a user does, in a folder of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Results } from '../../src/documents/results.js';
import { EXIT } from '../../src/studies/exit-codes.js';
import { readResults } from '../../src/studies/read-results.js';
import { LoopdynoError } from '../../src/text/errors.js';

/** `loopdyno run` gave no results. */
export class RunFailedError extends LoopdynoError {}

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export async function standardRun(flags: readonly string[], signal: AbortSignal): Promise<Results> {
  // An empty folder, so that no project's configuration is found.
  const folder = await mkdtemp(join(tmpdir(), 'loopdyno-known-'));
  try {
    const code = await ended([MAIN, 'run', '--results', folder, ...flags], folder, signal);
    signal.throwIfAborted();
    if (code !== EXIT.ok && code !== EXIT.failed) {
      throw new RunFailedError(`the run ended with exit status ${code}: it says why above`);
    }
    return await readResults(join(folder, 'latest'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The exit status; null after a signal. A run with a failed cell has results, too. */
function ended(args: readonly string[], cwd: string, signal: AbortSignal): Promise<number | null> {
  return new Promise((resolve, reject) => {
    // In a process group of its own: Ctrl-C then reaches it once, from here, and it ends its children properly. Node's
    // flags are passed on.
    const run = spawn(process.execPath, [...process.execArgv, ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    });
    const interrupt = (): void => void run.kill('SIGINT');
    signal.addEventListener('abort', interrupt);
    run.once('error', reject);
    run.once('close', (code) => {
      signal.removeEventListener('abort', interrupt);
      resolve(code);
    });
  });
}
