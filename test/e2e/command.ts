/** Runs the real command line, as a user's shell would. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
const shortRounds = new URL('./short-rounds.mjs', import.meta.url).href;

/** What Node is told to run the command line with short rounds. */
export const commandLine = ['--import', shortRounds, main] as const;

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A program of `bench/`, by its path in `dist`, with short rounds. */
export function benchProgram(path: string): (...args: string[]) => Promise<Finished> {
  const program = fileURLToPath(new URL(`../../dist/bench/${path}`, import.meta.url));
  return (...args) =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        ['--import', shortRounds, program, ...args],
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
        },
      );
    });
}

/** Its rounds are short; `flags` of Node's that leave `short-rounds.mjs` out give those that users have. */
export function start(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
  flags: readonly string[] = ['--import', shortRounds],
) {
  const child = spawn(process.execPath, [...flags, main, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (out.stdout += chunk));
  child.stderr.on('data', (chunk) => (out.stderr += chunk));
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code) => resolve({ code, ...out }));
  });
  /** Resolves when standard error has said `text`. */
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (out.stderr.includes(text)) resolve();
      };
      child.stderr.on('data', look);
      child.once('close', () => reject(new Error(`ended before it said ${text}: ${out.stderr}`)));
      look();
    });
  return { child, finished, said };
}

/** The command line, with short rounds: what a test does that is not about how precise the figures are. */
export async function loopdyno(args: readonly string[], cwd: string, env = {}): Promise<Finished> {
  return start(args, cwd, env).finished;
}

/** The command line, with the rounds that users have. */
export async function loopdynoInFull(args: readonly string[], cwd: string): Promise<Finished> {
  return start(args, cwd, {}, []).finished;
}

/** The process ids of all that descend from this process, from /proc. */
export function descendants({ pid }: ChildProcess): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      // The name, in parentheses, may contain anything; the parent is the second field after it.
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const found: number[] = [];
  const add = (of: number): void => {
    for (const [child, parent] of parents) {
      if (parent !== of) continue;
      found.push(child);
      add(child);
    }
  };
  if (pid !== undefined) add(pid);
  return found;
}

/** One that has ended and is not reaped yet (a zombie) is not: whoever adopted it is slow to look. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).charAt(0) !== 'Z';
  } catch {
    return false;
  }
}
