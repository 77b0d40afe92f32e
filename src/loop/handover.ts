/**
 * A future whose result has to be given back when nobody takes it: a permit, an item, a connection.
 *
 *   pending ─▶ done ─┬─ a waiter takes it and keeps it
 *                    └─ all waiters decline (they were cancelled, or another was first): given back,
 *                       and from here on it is cancelled, as if it had lost in time
 *
 * A waiter through a combinator counts as a waiter. A combinator hands over the results of its items, so it is a
 * Handover, too: what is given back to it, it gives back to them.
 */
import { Future, type Waiter } from './future.js';
import type { Suspension } from './policy.js';

export abstract class Handover<T> extends Future<T> {
  /** How many may still take the result. */
  private takers = 0;

  protected abstract giveBack(value: T): void;

  /** A result that is read by hand is taken for good. */
  override result(): T {
    this.takers = Infinity;
    return super.result();
  }

  override next(): IteratorResult<Suspension, T> {
    // A reader that has not waited counts as one, too.
    if (this.done && this.takers === 0) this.takers = 1;
    return super.next();
  }

  override wait(waiter: Waiter): void {
    if (waiter.takes ?? waiter.watches !== true) this.takers++;
    super.wait(waiter);
  }

  override unwait(waiter: Waiter): void {
    if (!this.done && (waiter.takes ?? waiter.watches !== true)) this.takers--;
    super.unwait(waiter);
  }

  override discarded(): void {
    if (!this.done || this.hasFailed || --this.takers > 0) return;
    this.giveBack(this.withdraw());
  }
}
