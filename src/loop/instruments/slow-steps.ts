/**
 * Finds steps that hold the loop: while one runs, nothing else does. `debug: true` turns this on; it also notes where
 * each task was spawned, which costs a stack trace per task.
 */
import type { Task } from '../task.js';
import type { Instrument } from './instrument.js';

export interface SlowStep {
  readonly task: string;
  readonly ms: number;
  /** Where the task was spawned: the first stack line outside loopdyno. */
  readonly spawnedAt: string;
}

export class SlowSteps implements Instrument {
  private readonly thresholdMs: number;
  private readonly report: (step: SlowStep) => void;
  private readonly spawnedAt = new WeakMap<Task<unknown>, string>();

  /** By default, steps of more than 100 ms are reported as a process warning named `LoopdynoWarning`. */
  constructor(thresholdMs = 100, report: (step: SlowStep) => void = warn) {
    this.thresholdMs = thresholdMs;
    this.report = report;
  }

  spawned(task: Task<unknown>): void {
    this.spawnedAt.set(task, callerOf(new Error().stack ?? ''));
  }

  stepped(task: Task<unknown>, began: number, ended: number): void {
    const ms = ended - began;
    if (ms <= this.thresholdMs) return;
    this.report({ task: task.name, ms, spawnedAt: this.spawnedAt.get(task) ?? 'an unknown place' });
  }
}

const ownFolder = new URL('../../', import.meta.url).href;

function callerOf(stack: string): string {
  const frames = stack.split('\n').slice(1);
  const outside = frames.find((frame) => !frame.includes(ownFolder)) ?? frames.at(-1) ?? '';
  return outside.trim().replace(/^at /, '');
}

function warn({ task, ms, spawnedAt }: SlowStep): void {
  process.emitWarning(
    `task '${task}' held the loop for ${Math.round(ms)} ms in one step; it was spawned at ${spawnedAt}`,
    { type: 'LoopdynoWarning' },
  );
}
