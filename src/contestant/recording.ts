/** A trace recorder that can be switched on later: a loop gets its instruments when it opens. */
import type { Future } from '../loop/future.js';
import type { Instrument } from '../loop/instruments/instrument.js';
import { TraceRecorder } from '../loop/instruments/trace-recorder.js';
import type { Task } from '../loop/task.js';

export class Recording implements Instrument {
  private recorder: TraceRecorder | null = null;

  start(): void {
    this.recorder = new TraceRecorder();
  }

  /** What was recorded since `start`. */
  stop(): TraceRecorder {
    const { recorder } = this;
    if (recorder === null) throw new Error('nothing is being recorded');
    this.recorder = null;
    return recorder;
  }

  spawned(task: Task<unknown>): void {
    this.recorder?.spawned(task);
  }

  stepped(task: Task<unknown>, began: number, ended: number): void {
    this.recorder?.stepped(task, began, ended);
  }

  parked(task: Task<unknown>, on: Future<unknown>): void {
    this.recorder?.parked(task, on);
  }

  completed(task: Task<unknown>): void {
    this.recorder?.completed(task);
  }

  cancelled(task: Task<unknown>): void {
    this.recorder?.cancelled(task);
  }

  turnStarted(): void {
    this.recorder?.turnStarted();
  }

  turnEnded(): void {
    this.recorder?.turnEnded();
  }
}
