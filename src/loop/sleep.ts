import { Future } from './future.js';
import type { Timer } from './policy.js';
import type { Scheduler } from './scheduler.js';

/** A future that a timer settles. Cancelling it cancels the timer. */
export class SleepFuture extends Future<void> {
  private readonly timer: Timer;

  constructor(scheduler: Scheduler, ms: number) {
    super(scheduler);
    this.timer = scheduler.at(scheduler.now() + ms, () => this.offer());
  }

  override cancel(message?: string): boolean {
    this.timer.cancel();
    return super.cancel(message);
  }

  override label(): string {
    return 'a sleep';
  }
}
