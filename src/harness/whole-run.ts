/** One run of a command, from its start to its end: time, CPU time, and what it printed. It leaves nothing running. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { MARK, endMarked } from '../system/marked.js';
import { LoopdynoError } from '../text/errors.js';

/** The command failed, or did other work than before; the message says how. */
export class CommandFailedError extends LoopdynoError {}

export interface Ran {
  readonly ms: number;
  readonly cpuUserUs: number;
  readonly cpuSystemUs: number;
  /** On standard output. */
  readonly printed: string;
}

export interface RunOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
  readonly mark: string;
  readonly signal: AbortSignal;
}

/** Characters of standard output that are compared, and of what it printed that a message quotes. */
const MOST_PRINTED = 1 << 24;
const QUOTED = 500;

export async function runWhole({
  command,
  cwd,
  env,
  deadlineMs,
  mark,
  signal,
}: RunOptions): Promise<Ran> {
  const [program = '', ...args] = command;
  const before = endedCpu();
  const began = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env, [MARK]: mark },
    detached: process.platform !== 'win32', // a group of its own, to be ended with all that it starts
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [printed, last] = ['', ''];
  let why: string | null = null;
  const end = (reason: string): void => {
    why ??= reason;
    endGroup(child.pid);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (printed.length > MOST_PRINTED) end(`printed more than ${MOST_PRINTED} characters`);
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer | string) => (last = (last + text.toString()).slice(-QUOTED)));
  }
  const abort = (): void => end('was interrupted');
  const timer = setTimeout(() => end(`did not end within ${deadlineMs / 1000} s`), deadlineMs);
  signal.addEventListener('abort', abort);
  try {
    // 'exit' is the end of the run; 'close' comes when the pipes are empty, too, unless something else holds them.
    const ended = new Promise<{ how: string | null; at: number }>((resolve) => {
      child.once('error', (error) =>
        resolve({ how: `could not be started (${error.message})`, at: performance.now() }),
      );
      child.once('exit', (code, by) => {
        const how =
          by === null ? (code === 0 ? null : `exited with status ${code}`) : `was ended by ${by}`;
        resolve({ how, at: performance.now() });
      });
    });
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const { how, at } = await ended;
    const after = endedCpu();
    endGroup(child.pid);
    endMarked(mark);
    if (child.pid !== undefined) await closed;
    const failed = why ?? how;
    if (failed !== null) {
      const said = last.trim();
      throw new CommandFailedError(failed + (said === '' ? '' : `; it printed: ${said}`));
    }
    return {
      ms: at - began,
      cpuUserUs: Math.max(0, after.user - before.user),
      cpuSystemUs: Math.max(0, after.system - before.system),
      printed,
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

const TICK_US = 10_000;

/** CPU time of all children that have ended so far, and of theirs; 0 where the system does not report it. */
function endedCpu(): { user: number; system: number } {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { user: Number(fields[13]) * TICK_US, system: Number(fields[14]) * TICK_US };
  } catch {
    return { user: 0, system: 0 };
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // All of it has ended.
  }
}
