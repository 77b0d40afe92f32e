/** How commands write to a terminal, a file or a pipe. */
import { Console } from 'node:console';
import pc from 'picocolors';

export function screen(): { color: boolean; width: number } {
  // 0 where the terminal does not say.
  return { color: pc.isColorSupported, width: process.stdout.columns || 120 };
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * A reader that has seen enough, such as `| head`, is no failure of ours. When nobody reads the
 * messages, the run goes on: its results are still wanted.
 */
export function endQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** What a configuration or a policy prints here is a message, and no part of a JSON document. */
export function sendConsoleToStderr(): void {
  globalThis.console = new Console(process.stderr);
}
