import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program of `test/loop/programs` in a process of its own: for what is only seen when the
 * host has nothing left to do, which a test runner's process never has.
 */
export function runProgram(
  name: string,
  args: string[] = [],
  flags: string[] = [],
): Promise<Ended> {
  const path = fileURLToPath(new URL(`./programs/${name}.mjs`, import.meta.url));
  return new Promise((resolve) => {
    const options = { timeout: 20_000, killSignal: 'SIGKILL' as const };
    const child = execFile(
      process.execPath,
      [...flags, path, ...args],
      options,
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
