/**
 * A child process that answers requests (see `protocol/messages.ts`), as the harness sees it. Every request has a
 * deadline. A child that misses it, dies or sends an invalid answer is ended, and named in the error. A child leads a
 * process group of its own and is ended with the group: a pool's processes end with the contestant that started them,
 * and nothing else does.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { sum } from '../stats/moments.js';
import { treeOf } from '../system/cpu-time.js';
import { LoopdynoError } from '../text/errors.js';
import { formatBytes } from '../text/format.js';
import type { Failed } from '../protocol/messages.js';

/** The contestant or fixture failed. The message says how, and what it printed last. */
export class ChildFailedError extends LoopdynoError {}

/** Windows has no process groups. */
const GROUPS = process.platform !== 'win32';

/** The time between two checks of a child's memory while a request is open, in ms. */
const LOOK_MS = 250;

/** How much of its output is kept for error messages, in characters. */
const OUTPUT_KEPT = 2000;

export interface ChildOptions {
  /** The resident memory at which the child is ended. Checked if the system has /proc. */
  readonly memoryBytes?: number;
  /** What it started counts as well. */
  readonly wholeTree?: boolean;
  /** Variables in addition to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Pending {
  resolve(answer: object): void;
  reject(error: Error): void;
}

export class Child {
  readonly name: string;
  /** Settles when the process has ended. */
  readonly gone: Promise<void>;
  private readonly process: ChildProcess;
  private readonly memoryBytes: number;
  private readonly wholeTree: boolean;
  private pending: Pending | null = null;
  private output = '';
  private end: string | null = null;
  /** The CPU time that this process had used when the last answer began to arrive. */
  heard: NodeJS.CpuUsage = { user: 0, system: 0 };

  constructor(
    name: string,
    command: readonly string[],
    { memoryBytes = Infinity, wholeTree = false, env = {} }: ChildOptions = {},
  ) {
    this.name = name;
    this.memoryBytes = memoryBytes;
    this.wholeTree = wholeTree;
    const [executable = '', ...args] = command;
    const child = spawn(executable, args, {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      detached: GROUPS,
      env: { ...process.env, ...env },
    });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-OUTPUT_KEPT);
      });
    }
    (child.stdin as Writable).on('error', () => {}); // 'exit' has more information
    child.stdio[3]?.on('data', () => void (this.heard = process.cpuUsage()));
    createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => this.onLine(line));
    this.gone = new Promise((resolve) => {
      child.once('error', (error) =>
        this.ended(`could not be started (${error.message})`, resolve),
      );
      // Not 'exit': its last output may still be in the pipes.
      child.once('close', (code, signal) =>
        this.ended(
          signal === null ? `exited with code ${code}` : `was ended by ${signal}`,
          resolve,
        ),
      );
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Sends a request and waits for its answer, at most `deadlineMs`. */
  ask<Answer extends object>(request: { do: string }, deadlineMs: number): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      if (this.end !== null) return reject(this.failure(this.end));
      const giveUp = (how: string): void => {
        this.pending?.reject(this.failure(how));
        this.kill();
      };
      const timer = setTimeout(() => {
        giveUp(
          `gave no answer to '${request.do}' within ${deadlineMs / 1000} s; ` +
            "if its jobs take that long, raise 'deadline' in the configuration",
        );
      }, deadlineMs);
      const look = setInterval(() => {
        const bytes = this.residentBytes();
        if (bytes <= this.memoryBytes) return;
        giveUp(
          `took ${formatBytes(bytes)} of memory; the limit is ${formatBytes(this.memoryBytes)}`,
        );
      }, LOOK_MS);
      const settle = (): void => {
        clearTimeout(timer);
        clearInterval(look);
        this.pending = null;
      };
      this.pending = {
        resolve: (answer) => (settle(), resolve(answer as Answer)),
        reject: (error) => (settle(), reject(error)),
      };
      this.process.stdin?.write(`${JSON.stringify(request)}\n`);
    });
  }

  kill(): void {
    const { pid } = this.process;
    if (this.end !== null || pid === undefined) return;
    if (!GROUPS) return void this.process.kill('SIGKILL');
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The process has ended meanwhile.
    }
  }

  private residentBytes(): number {
    const { pid } = this.process;
    if (pid === undefined) return 0;
    return sum(this.wholeTree ? treeOf(pid) : [String(pid)], residentBytes);
  }

  private onLine(line: string): void {
    const { pending } = this;
    if (pending === null) return;
    let answer: object & Partial<Failed>;
    try {
      answer = JSON.parse(line) as typeof answer;
    } catch {
      return pending.reject(this.failure(`said what is no JSON: ${line.slice(0, 80)}`));
    }
    const { failed } = answer;
    if (failed === undefined) return pending.resolve(answer);
    const error = new ChildFailedError(`${failed.name}: ${failed.message}`);
    if (failed.stack !== '') error.stack = failed.stack;
    pending.reject(error);
  }

  private ended(how: string, resolve: () => void): void {
    this.end ??= how;
    this.pending?.reject(this.failure(how));
    resolve();
  }

  private failure(how: string): ChildFailedError {
    const said = this.output.trim();
    return new ChildFailedError(`${this.name} ${how}${said === '' ? '' : `; it printed: ${said}`}`);
  }
}

/** The resident memory of a process, on Linux; 0 elsewhere, or if it has ended. */
function residentBytes(pid: string): number {
  try {
    const [, kib = '0'] =
      /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) * 1024;
  } catch {
    return 0;
  }
}
