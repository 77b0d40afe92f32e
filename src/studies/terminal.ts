/** How commands write to a terminal, a file or a pipe. */
import { Console } from 'node:console';
import pc from 'picocolors';

export function screen(): { color: boolean; width: number } {
  // 0 if the terminal does not report it.
  return { color: pc.isColorSupported, width: process.stdout.columns || 120 };
}

/** A message, which is no part of the output. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * A reader that stops reading, such as `| head`, is not a failure. If nobody reads the messages the run goes on, since
 * its results are still wanted.
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

/** Output of a configuration or a policy goes to stderr, so that it does not end up in a JSON document. */
export function sendConsoleToStderr(): void {
  globalThis.console = new Console(process.stderr);
}
