import { Future } from '../../loop/future.js';
import type { Scheduler } from '../../loop/scheduler.js';

/** A read of a stream: bytes that a task, cancelled meanwhile, will not take go back to the stream. */
export class ReadFuture extends Future<Uint8Array | null> {
  private readonly unread: (bytes: Uint8Array) => void;

  constructor(scheduler: Scheduler, unread: (bytes: Uint8Array) => void) {
    super(scheduler);
    this.unread = unread;
  }

  /** @internal Bytes have come: returns those that it does not take. */
  take(bytes: Uint8Array): Uint8Array | null {
    this.setResult(bytes);
    return null;
  }

  /** @internal no more will come */
  takeEnd(): void {
    this.offer(null);
  }

  /** @internal */
  override discarded(): void {
    if (!this.done || this.hasFailed) return;
    const bytes = this.withdraw();
    if (bytes !== null) this.unread(bytes);
  }

  override label(): string {
    return 'a read';
  }
}
