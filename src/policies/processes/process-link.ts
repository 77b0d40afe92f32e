/**
 * Child processes, kept warm, over Node's own channel with V8's serialization.
 *
 * This is our own code and no library: tinypool, the one well-maintained pool with such a runtime, relays each message
 * through a MessageChannel first, ends the child when a result cannot be serialized, returns errors as plain objects,
 * and leaves tasks pending when a child dies at its start (see docs/settlement.md). The rest of a pool exists here
 * anyway.
 */
import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Inner } from '../inner-loop.js';
import {
  Leaving,
  type FromWorker,
  type Link,
  type LinkEvents,
  type ToWorker,
  type Transport,
} from '../pool/protocol.js';

/** How long the last output of an ended child may take to arrive, in ms. */
const LAST_OUTPUT_MS = 1000;
/** How much of a child's stderr is kept, in bytes: enough for V8's report of a full heap. */
const STDERR_TAIL = 16 * 1024;

export interface ProcessOptions {
  readonly inner: Inner;
  readonly concurrency: number;
  readonly env: NodeJS.ProcessEnv;
  /** Complete, with what resource limits come to. */
  readonly execArgv: string[];
}

const program = fileURLToPath(new URL('./child.js', import.meta.url));

export class Processes implements Transport {
  readonly noun = 'child process';
  private readonly options: ProcessOptions;

  constructor(options: ProcessOptions) {
    this.options = options;
  }

  open(events: LinkEvents): Link {
    const { inner, concurrency, env, execArgv } = this.options;
    const child = fork(program, [inner, String(concurrency)], {
      serialization: 'advanced',
      execArgv,
      env,
      // A terminal is written to at once, and jobs see that it is one; a pipe that is shared is not.
      stdio: ['ignore', process.stdout.isTTY ? 'inherit' : 'pipe', 'pipe', 'ipc'],
    });
    return new ProcessLink(child, events);
  }
}

class ProcessLink implements Link {
  readonly canTakeBack = false;
  /** Sent by a child as it ends; of one that is killed nobody knows, and all counts as begun. */
  private lastBegun = Infinity;
  private readonly child: ChildProcess;
  private readonly events: LinkEvents;
  private readonly gone: Promise<void>;
  private over = false;
  private stderr = '';

  constructor(child: ChildProcess, events: LinkEvents) {
    this.child = child;
    this.events = events;
    child.on('message', (received) => {
      if (!Array.isArray(received)) return tellWatcher(received);
      const message = received as unknown as FromWorker;
      if (message[0] === Leaving) this.lastBegun = message[1];
      else if (!this.over) events.message(message);
    });
    child.stdout?.on('data', (bytes: Buffer) => process.stdout.write(bytes));
    child.stderr?.on('data', (bytes: Buffer) => {
      process.stderr.write(bytes);
      this.stderr = (this.stderr + bytes.toString()).slice(-STDERR_TAIL);
    });
    for (const stream of [child.stdout, child.stderr]) (stream as Socket | null)?.unref();
    // A child that could not be started says `error` and no `exit`; one that is gone, both.
    this.gone = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve();
        void this.exited(code, signal);
      });
      child.once('error', (error) => {
        if (child.pid !== undefined) return;
        resolve();
        this.ended(error, null, null);
      });
    });
    child.unref();
    child.channel?.unref?.();
  }

  send(message: ToWorker): void {
    // To a child that is ending: its jobs are settled by its end.
    if (this.child.connected) this.child.send(message, ignore);
  }

  hasBegun(seq: number): boolean {
    return seq <= this.lastBegun;
  }

  takeBack(seq: number): boolean {
    return !this.hasBegun(seq);
  }

  async end(): Promise<void> {
    this.over = true;
    this.child.kill('SIGKILL');
    await this.gone;
    await this.lastOutput();
  }

  private async exited(code: number | null, signal: string | null): Promise<void> {
    if (this.over) return;
    await this.lastOutput();
    this.ended(null, code, signal);
  }

  /** `exit` may come before the last messages and the last output; a grandchild may hold all open. */
  private async lastOutput(): Promise<void> {
    const { child } = this;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise((resolve) => (timer = setTimeout(resolve, LAST_OUTPUT_MS))),
      Promise.all([
        child.connected ? new Promise((resolve) => child.once('disconnect', resolve)) : null,
        closed(child.stdout),
        closed(child.stderr),
      ]),
    ]);
    clearTimeout(timer);
  }

  private ended(failure: Error | null, code: number | null, signal: string | null): void {
    if (this.over) return;
    this.over = true;
    const outOfMemory = /heap out of memory|Allocation failed/.test(this.stderr);
    const error = failure ?? (code === 0 ? null : reportOf(this.stderr));
    this.events.ended({ error, code, signal, outOfMemory });
  }
}

function closed(stream: Readable | null): Promise<unknown> | null {
  if (stream === null || stream.readableEnded || stream.destroyed) return null;
  return new Promise((resolve) => stream.once('close', resolve));
}

/** What the child wrote last, which for an uncaught error is its report with the stack. */
function reportOf(stderr: string): Error | null {
  const text = stderr.trim();
  if (text === '') return null;
  const [, message = ''] = /^(?:Uncaught )?(\w*Error\b.*|FATAL ERROR: .*)$/m.exec(text) ?? [];
  const error = new Error(message === '' ? text.slice(-200) : message);
  error.stack = text;
  return error;
}

/** Under `node --watch` a process tells its parent which modules it has loaded, and we ours. */
function tellWatcher(message: unknown): void {
  if (process.env['WATCH_REPORT_DEPENDENCIES'] !== undefined) process.send?.(message);
}

function ignore(): void {}
