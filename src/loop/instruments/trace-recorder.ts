/**
 * Records what a loop does as a trace that Perfetto (ui.perfetto.dev) and chrome://tracing open:
 * turns and steps as slices on one track, each task from spawn to end as an async slice.
 *
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU (the format)
 */
import { writeFile } from 'node:fs/promises';
import type { Future } from '../future.js';
import type { Task } from '../task.js';
import type { Instrument } from './instrument.js';

interface TraceEvent {
  name: string;
  cat: string;
  /** X: a slice; b and e: an async slice's ends; i: an instant; M: metadata. */
  ph: 'X' | 'b' | 'e' | 'i' | 'M';
  /** Microseconds. */
  ts: number;
  dur?: number;
  pid: number;
  tid: number;
  id?: number;
  s?: 't';
  args?: Record<string, unknown>;
}

export interface TraceFile {
  traceEvents: TraceEvent[];
  displayTimeUnit: 'ms';
}

export class TraceRecorder implements Instrument {
  private readonly events: TraceEvent[] = [];
  private readonly ids = new WeakMap<Task<unknown>, number>();
  private readonly most: number;
  private nextId = 1;
  private turnBegan = 0;
  private dropped = 0;

  /** Keeps the first `most` events, about 150 bytes each, and counts the rest. */
  constructor(most = 1_000_000) {
    this.most = most;
    this.add({ name: 'thread_name', cat: '__metadata', ph: 'M', ts: 0, args: { name: 'loop' } });
  }

  spawned(task: Task<unknown>): void {
    const id = this.nextId++;
    this.ids.set(task, id);
    this.add({ name: task.name, cat: 'task', ph: 'b', ts: now(), id });
  }

  stepped(task: Task<unknown>, began: number, ended: number): void {
    this.add({ name: task.name, cat: 'step', ph: 'X', ts: us(began), dur: us(ended - began) });
  }

  parked(task: Task<unknown>, on: Future<unknown>): void {
    const args = { on: on.label() };
    this.add({ name: `${task.name} waits`, cat: 'parked', ph: 'i', ts: now(), s: 't', args });
  }

  completed(task: Task<unknown>): void {
    this.end(task, 'completed');
  }

  cancelled(task: Task<unknown>): void {
    this.end(task, 'cancelled');
  }

  turnStarted(): void {
    this.turnBegan = now();
  }

  turnEnded(): void {
    const ts = this.turnBegan;
    this.add({ name: 'turn', cat: 'turn', ph: 'X', ts, dur: now() - ts });
  }

  /** The trace so far, in the format of the file. */
  toJSON(): TraceFile & { droppedEvents: number } {
    return { traceEvents: this.events, displayTimeUnit: 'ms', droppedEvents: this.dropped };
  }

  async save(path: string): Promise<void> {
    await writeFile(path, JSON.stringify(this));
  }

  private end(task: Task<unknown>, how: string): void {
    const id = this.ids.get(task);
    if (id === undefined) return; // spawned before the recording
    this.add({ name: task.name, cat: 'task', ph: 'e', ts: now(), id, args: { how } });
  }

  private add(event: Omit<TraceEvent, 'pid' | 'tid'>): void {
    if (this.events.length >= this.most) this.dropped++;
    else this.events.push({ pid: process.pid, tid: 1, ...event });
  }
}

const us = (ms: number): number => Math.round(ms * 1e6) / 1e3;
const now = (): number => us(performance.now());
