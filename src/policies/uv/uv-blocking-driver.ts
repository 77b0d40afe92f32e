/**
 * Drives the scheduler from within the private loop, in which the thread stays while this loop runs:
 * see `native/src/blocking_drive.h`. Each call from there is a macrotask: ticks and promise
 * reactions drain when it returns.
 *
 *   start ─▶ (call 1: a promise reaction is queued) ─▶ (call 2: it has run) ─▶ turns, from here on
 *                                                       └─ it has not: refuse, before any job runs
 *
 * V8 drains no reactions while one runs, and Node none while a callback does. So where somebody runs
 * Node's loop from inside of either (deasync does), and this loop were entered from there, an async
 * job would never get on, and neither would what waits for the loop: that is refused.
 */
import type { CoreLoop } from '../../loop/core-loop.js';
import { NestedRunError } from '../../loop/errors.js';
import type { Scheduler } from '../../loop/scheduler.js';
import { UvDriver } from './uv-driver.js';
import type { UvIo } from './uv-io.js';

export class UvBlockingDriver extends UvDriver {
  private readonly core: CoreLoop;
  private readonly nativeLoop: UvIo['native'];
  /** Whether reactions drain between two calls: asked once per start. */
  private drains: 'unknown' | 'asked' | 'yes' = 'unknown';

  constructor(loop: CoreLoop, scheduler: Scheduler, io: UvIo) {
    super(loop, scheduler, io);
    this.core = loop;
    this.nativeLoop = io.native;
  }

  override start(): void {
    this.drains = 'unknown';
    this.nativeLoop.setRunning(true);
    super.start();
  }

  override stop(): void {
    super.stop();
    this.nativeLoop.setRunning(false);
  }

  protected override soon(): void {
    this.nativeLoop.callSoon();
  }

  /** A call too many finds nothing to do. */
  protected override notSoon(): void {}

  protected override afterRecords(rang: boolean): void {
    if (this.drains === 'yes' || !this.core.running) {
      super.afterRecords(rang);
    } else if (this.drains === 'unknown') {
      this.drains = 'asked';
      void Promise.resolve().then(() => (this.drains = 'yes'));
      this.soon();
    } else {
      this.core.refused(
        new NestedRunError(
          "a blocking uv loop was to run inside a callback that runs Node's loop, where promise " +
            "reactions could never run: call run() from outside of it, where Node's own loop goes on",
        ),
      );
    }
  }
}
