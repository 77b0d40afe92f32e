/** A bare program as the driver sees it: starts it, makes it work, watches it from outside, and ends it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LoopdynoError } from '../../src/text/errors.js';
import { totalUs } from '../../src/system/cpu-time.js';
import type { Facts, Params } from '../../src/workload/workload.js';

const PROGRAM = fileURLToPath(new URL('./program.js', import.meta.url));

/** How long a program may take for one answer, in ms. */
const DEADLINE_MS = 60_000;
/**
 * The delay between the last message of a turn and reading its CPU time, in ms. The kernel's account is exact once a
 * thread sleeps; for a running thread it may be a tick of some ms old.
 */
const SETTLE_MS = 5;

/** The cost of a turn, as the driver measured it. */
export interface Turn {
  /** All jobs of the turn, and the CPU time for them: of the program, all its threads and its child processes. */
  readonly jobs: number;
  readonly cpuUs: number;
  /** Jobs and ms between the end of the lead and the goal: all lanes are busy then. */
  readonly timedJobs: number;
  readonly timedMs: number;
  /**
   * The duration of the whole turn, and the time in which the main thread was ready while its core was taken, in ms.
   */
  readonly ms: number;
  readonly waitedMs: number;
}

/** A bare program ended by itself, or did not answer. */
export class BareProgramError extends LoopdynoError {}

interface Word {
  readonly text: string;
  readonly at: number;
}

/** What a bare program is started with. */
export interface Starter {
  /** Of the contestant that it stands beside. */
  readonly name: string;
  readonly policy: string;
  /** The runtime, with its flags. */
  readonly command: readonly string[];
}

export interface Asked extends Starter {
  readonly workload: string;
  readonly params: Params;
  readonly facts: Facts;
  readonly seed: number;
}

export class BareProgram {
  readonly name: string;
  digest = '';
  private readonly child: ChildProcess;
  private readonly gone: Promise<void>;
  private readonly words: Word[] = [];
  private rest = '';
  private exited = false;
  /** Why no more messages will come; null while they may. */
  private silent: string | null = null;
  private heard: () => void = () => {};

  constructor({ name, policy, command, workload, params, facts, seed }: Asked) {
    this.name = name;
    const [executable = '', ...flags] = command;
    const json = [JSON.stringify(params), JSON.stringify(facts)];
    // The environment is unchanged: a user's program has none of our allocator settings. The program leads a process
    // group, so that Ctrl-C reaches only the driver, and child processes end with the program.
    this.child = spawn(executable, [...flags, PROGRAM, policy, workload, ...json, `${seed}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    this.child.stdin?.on('error', () => {}); // 'close' has more information
    this.child.stdout?.on('data', (chunk: Buffer) => this.hear(chunk, performance.now()));
    this.gone = new Promise((resolve) => {
      const end = (how: string): void => {
        this.exited = true;
        this.silent ??= how;
        this.heard();
        resolve();
      };
      this.child.once('error', ({ message }) => end(`could not be started (${message})`));
      this.child.once('close', (code, signal) =>
        end(signal === null ? `exited with code ${code}` : `was ended by ${signal}`),
      );
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Waits until it has done every input once. */
  async ready(): Promise<void> {
    const [word] = await this.hearWords(1);
    this.digest = word?.text ?? '';
  }

  async turn(jobs: number): Promise<Turn> {
    const waited = waitedMs(this.pid);
    const before = treeUs(this.pid);
    const began = performance.now();
    this.child.stdin?.write(`${jobs}\n`);
    const [lead, goal, last] = (await this.hearWords(3)) as [Word, Word, Word];
    await sleep(SETTLE_MS);
    return {
      jobs: Number(last.text),
      cpuUs: treeUs(this.pid) - before,
      timedJobs: Number(goal.text) - Number(lead.text),
      timedMs: goal.at - lead.at,
      ms: last.at - began,
      waitedMs: waitedMs(this.pid) - waited,
    };
  }

  kill(): void {
    if (this.exited || this.pid === undefined) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // The process has ended meanwhile.
    }
  }

  async end(): Promise<void> {
    this.kill();
    await this.gone;
  }

  private hear(chunk: Buffer, at: number): void {
    const lines = (this.rest + chunk.toString()).split('\n');
    this.rest = lines.pop() ?? '';
    this.words.push(...lines.map((text) => ({ text, at })));
    this.heard();
  }

  private async hearWords(count: number): Promise<Word[]> {
    const deadline = setTimeout(() => {
      this.silent ??= `gave no answer within ${DEADLINE_MS / 1000} s`;
      this.heard();
    }, DEADLINE_MS);
    try {
      while (this.words.length < count) {
        if (this.silent !== null) {
          throw new BareProgramError(`the bare program of ${this.name} ${this.silent}`);
        }
        await new Promise<void>((resolve) => (this.heard = resolve));
      }
      return this.words.splice(0, count);
    } finally {
      clearTimeout(deadline);
    }
  }
}

/** CPU time so far of a process and all its descendants, in µs. */
function treeUs(pid: number | string | undefined): number {
  if (pid === undefined) return 0;
  return childrenOf(pid).reduce((sum, child) => sum + treeUs(child), totalUs(`${pid}`));
}

function childrenOf(pid: number | string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
      const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim();
      return text === '' ? [] : text.split(' ');
    });
  } catch {
    return []; // the process, or a thread of it, has ended
  }
}

/** How long the main thread was ready to run but did not run, in ms; 0 where the system does not report it. */
function waitedMs(pid: number | undefined): number {
  try {
    const [, ns] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(ns) / 1e6;
  } catch {
    return 0;
  }
}
