import { Future } from './future.js';
import type { Link } from './linked-list.js';
import type { Scheduler } from './scheduler.js';

/** A future with a name for reports, which says what is being done. */
export class Operation<T> extends Future<T> implements Link {
  /** @internal */
  older: Link | null = null;
  /** @internal */
  newer: Link | null = null;
  private readonly what: string;

  constructor(scheduler: Scheduler, what: string) {
    super(scheduler);
    this.what = what;
  }

  override label(): string {
    return this.what;
  }
}
