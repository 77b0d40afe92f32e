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
import type { Future } from './future.js';
import { Handover } from './handover.js';
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

/** Settles when its item settles: after a cancellation, when the item has cleaned up. */
class Deadline<T> extends Handover<T> {
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
    follow(this, item);
  }

  /** The deadline no longer matters: the outcome is what the item makes of the cancellation. */
  override cancel(message?: string): boolean {
    if (this.done) return false;
    this.timer.cancel();
    this.late = false;
    return this.item.cancel(message);
  }

  protected override giveBack(): void {
    this.item.discarded();
  }

  override label(): string {
    return this.item.label();
  }

  override failure(): unknown {
    if (this.item.hasError) this.item.failure();
    return super.failure();
  }

  /** @internal */
  ended(): void {
    const { item } = this;
    this.timer.cancel();
    if (!item.hasFailed) this.setResult(item.value as T);
    else if (!item.cancelled) this.passOn(item.value);
    else if (this.late) this.setError(tooLate('timeout', this.ms, item.label()));
    else super.cancel((item.value as CancelledError).message);
  }
}

/** The item's result. Cancelling the wait leaves the item alone. */
export function shield<T>(loop: Loop, item: Awaitable<T>): Future<T> {
  const [inner] = begin(loop, [item], 'shield') as [Future<T>];
  return new Shield(loop, inner, inner !== item);
}

class Shield<T> extends Handover<T> {
  private readonly item: Future<T>;
  /** Whether nobody else can reach the item. */
  private readonly alone: boolean;

  constructor(loop: Loop, item: Future<T>, alone: boolean) {
    super(schedulerOf(loop));
    this.item = item;
    this.alone = alone;
    const waiter = follow(this, item);
    // Once nobody waits through here, an error of the item has no caller, and is reported.
    this.wait({ settled: () => item.unwait(waiter), watches: true });
  }

  /** @internal */
  ended(): void {
    const { item } = this;
    if (this.done) return;
    if (!item.hasFailed) this.setResult(item.value as T);
    else if (item.cancelled) this.cancel((item.value as CancelledError).message);
    else this.passOn(item.value);
  }

  /** The item is left alone: whoever holds it can still wait for it. */
  protected override giveBack(): void {
    if (this.alone) this.item.discarded();
  }

  override label(): string {
    return this.item.label();
  }

  override failure(): unknown {
    if (this.item.hasError) this.item.failure();
    return super.failure();
  }
}
