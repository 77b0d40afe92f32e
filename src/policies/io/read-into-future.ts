import { StreamStateError } from '../../loop/errors.js';
import { Future } from '../../loop/future.js';
import type { Scheduler } from '../../loop/scheduler.js';

/** What a read into memory of the caller's tells its stream. */
export interface ReadIntoOwner {
  /** It was cancelled: nothing may be written to its memory any more. */
  abandoned(): void;
  /** Bytes that nobody will take, copied. */
  unread(bytes: Uint8Array): void;
}

export const TRANSFERRED =
  'the memory of readInto() was transferred before its bytes came: keep it until the read is done';

/** A read into memory of the caller's. */
export class ReadIntoFuture extends Future<number> {
  readonly target: Uint8Array;
  private readonly owner: ReadIntoOwner;

  constructor(scheduler: Scheduler, target: Uint8Array, owner: ReadIntoOwner) {
    super(scheduler);
    this.target = target;
    this.owner = owner;
  }

  /** @internal Bytes have come elsewhere: returns those that do not fit. */
  take(bytes: Uint8Array): Uint8Array | null {
    const { target } = this;
    if (target.byteLength === 0) {
      this.setError(new StreamStateError(TRANSFERRED));
      return bytes;
    }
    const fits = Math.min(bytes.byteLength, target.byteLength);
    target.set(fits === bytes.byteLength ? bytes : bytes.subarray(0, fits));
    this.setResult(fits);
    return fits === bytes.byteLength ? null : bytes.subarray(fits);
  }

  /** @internal no more will come */
  takeEnd(): void {
    this.offer(0);
  }

  override cancel(message?: string): boolean {
    if (!super.cancel(message)) return false;
    this.owner.abandoned();
    return true;
  }

  /** @internal */
  override discarded(): void {
    if (!this.done || this.hasFailed) return;
    const length = this.withdraw();
    if (length > 0) this.owner.unread(Buffer.from(this.target.subarray(0, length)));
  }

  override label(): string {
    return 'a read';
  }
}
