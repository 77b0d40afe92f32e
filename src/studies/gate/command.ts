/** A command whose output is of interest only when it fails, ended with all that it started. */
import { spawn } from 'node:child_process';
import { LoopdynoError } from '../../text/errors.js';

const onWindows = process.platform === 'win32';

/** Characters of its output that are kept. */
const LOG_KEPT = 4000;

export class CommandError extends LoopdynoError {
  /** The end of what it printed. */
  readonly log: string;

  constructor(message: string, log: string, options?: ErrorOptions) {
    super(message, options);
    this.log = log;
  }
}

/** What it printed, trimmed. */
export function runCommand(
  command: readonly string[],
  { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<string> {
  const [program = '', ...args] = command;
  return new Promise((done, reject) => {
    let log = '';
    const child = spawn(program, args, {
      cwd,
      detached: !onWindows, // a group of its own, to be ended with all that it starts
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: onWindows, // package managers are scripts there
    });
    const end = (): void => {
      if (child.pid !== undefined && child.exitCode === null) endGroup(child.pid);
    };
    signal.addEventListener('abort', end);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-LOG_KEPT)));
    }
    const failed = (how: string, cause?: unknown): void =>
      reject(new CommandError(`\`${command.join(' ')}\` ${how}`, log, { cause }));
    child.once('error', (error) => failed(`cannot be started: ${error.message}`, error));
    child.once('close', (code, by) => {
      signal.removeEventListener('abort', end);
      if (code === 0) done(log.trim());
      else failed(by === null ? `ended with status ${code}` : `was ended by ${by}`);
    });
    if (signal.aborted) end();
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(onWindows ? pid : -pid, 'SIGTERM');
  } catch {
    // It has ended meanwhile.
  }
}
