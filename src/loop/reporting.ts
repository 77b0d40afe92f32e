/** How a loop reports errors that have no caller. */
import { DeadlockError, quote } from './errors.js';
import type { LoopOptions } from './policy.js';
import type { ErrorSink, Scheduler } from './scheduler.js';

/** A sink that throws would end the turn that called it. So its error is reported, too, and the loop goes on. */
export function sinkOf({ onError }: LoopOptions): ErrorSink {
  if (onError === undefined) return warn;
  return (error, what) => {
    try {
      onError(error, what);
    } catch (thrown) {
      warn(error, what);
      warn(thrown, 'onError threw');
    }
  };
}

export function warn(error: unknown, what: string): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : quote(error);
  process.emitWarning(what, {
    type: 'LoopdynoWarning',
    ...(error === undefined ? {} : { detail }),
  });
}

export function deadlock(scheduler: Scheduler): DeadlockError {
  const tasks = scheduler
    .pendingTasks()
    .map((task) => `${task.name} waits for ${task.waitingFor ?? 'its turn'}`);
  const waiting = tasks.length > 0 ? tasks.join('; ') : 'nobody has called stop()';
  return new DeadlockError(
    `nothing is left that could complete what is being waited for: ${waiting}. ` +
      'No timer, no IO and nothing in the host is outstanding: settle the future, or cancel the task',
  );
}
