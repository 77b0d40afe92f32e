import type { Handle } from './policy.js';
import type { Runnable } from './ring.js';

/** Who is told what becomes of a scheduled callback. */
export interface CallbackOwner {
  /** It threw. */
  threw(error: unknown): void;
  /** It was cancelled before it ran. */
  cancelledOne(): void;
}

/** In the place of a callback that was cancelled. */
const CANCELLED = (): void => {};

/** A scheduled callback, as what is ready holds it. */
export class ScheduledCallback implements Handle, Runnable {
  /** Null once it ran. */
  private callback: (() => void) | null;
  /** @internal */
  owner: CallbackOwner;

  constructor(callback: () => void, owner: CallbackOwner) {
    this.callback = callback;
    this.owner = owner;
  }

  get cancelled(): boolean {
    return this.callback === CANCELLED;
  }

  cancel(): void {
    if (this.callback === null || this.callback === CANCELLED) return;
    this.callback = CANCELLED;
    this.owner.cancelledOne();
  }

  /** @internal */
  run(): void {
    const { callback } = this;
    if (callback === null || callback === CANCELLED) return;
    this.callback = null;
    try {
      callback();
    } catch (error) {
      this.owner.threw(error);
    }
  }
}
