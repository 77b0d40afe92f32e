/**
 * Waiting for one: not for ever, or not with one's own cancellation.
 *
 *   timeout   a result, or TimeoutError     what was too late is cancelled and has cleaned up
 *   shield    a result                      cancelling the wait does not reach the work
 *
 * Both are futures that follow their item, and no tasks of their own: there is no step in between
 * at which a result could get lost.
 */
import { begin, follow, schedulerOf, tooLate, type Awaitable } from './awaitable.js';
import { checkDelay, type CancelledError } from './errors.js';
import { Future } from './future.js';
import type { Loop, Timer } from './policy.js';

/**
 * The item's result if it comes within `ms`. Otherwise the item is cancelled, has time to clean up,
 * and TimeoutError is raised.
 */
export function timeout<T>(loop: Loop, ms: number, item: Awaitable<T>): Future<T> {
  checkDelay(ms, 'timeout');
  const [future] = begin(loop, [item], 'timeout') as [Future<T>];
  return new Deadline(loop, ms, future);
}

/** Ends as its item ends, which is at the latest when that has cleaned up. */
class Deadline<T> extends Future<T> {
  private readonly item: Future<T>;
  private readonly ms: number;
  private readonly timer: Timer;
  private late = false;

  constructor(loop: Loop, ms: number, item: Future<T>) {
    super(schedulerOf(loop));
    this.item = item;
    this.ms = ms;
    this.timer = loop.callLater(ms, () => {
      this.late = true;
      item.cancel();
    });
    follow(this, item, () => this.ended());
  }

  /** It is no longer a question of time: what the item makes of this is what comes. */
  override cancel(message?: string): boolean {
    if (this.done) return false;
    this.timer.cancel();
    this.late = false;
    return this.item.cancel(message);
  }

  override discarded(): void {
    this.item.discarded();
  }

  override label(): string {
    return this.item.label();
  }

  override failure(): unknown {
    if (this.item.hasError) this.item.failure();
    return super.failure();
  }

  private ended(): void {
    const { item } = this;
    this.timer.cancel();
    if (!item.hasFailed) this.setResult(item.result());
    else if (!item.cancelled) this.setError(item.value);
    else if (this.late) this.setError(tooLate('timeout', this.ms, item.label()));
    else super.cancel((item.value as CancelledError).message);
  }
}

/** The item's result. Cancelling the wait leaves the item alone. */
export function shield<T>(loop: Loop, item: Awaitable<T>): Future<T> {
  const [inner] = begin(loop, [item], 'shield') as [Future<T>];
  return new Shield(loop, inner);
}

class Shield<T> extends Future<T> {
  private readonly item: Future<T>;

  constructor(loop: Loop, item: Future<T>) {
    super(schedulerOf(loop));
    this.item = item;
    const waiter = follow(this, item, () => {
      if (!item.hasFailed) this.offer(item.result());
      else if (item.cancelled) this.cancel((item.value as CancelledError).message);
      else this.offerError(item.value);
    });
    // Once nobody waits through here, an error of the item's is nobody's to look at, and is reported.
    this.wait({ settled: () => item.unwait(waiter), watches: true });
  }

  override label(): string {
    return this.item.label();
  }

  override failure(): unknown {
    if (this.item.hasError) this.item.failure();
    return super.failure();
  }
}
