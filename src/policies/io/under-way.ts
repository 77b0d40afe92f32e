/** Operations that cannot be interrupted: a thread of the host is at work on each, and will come back. */
import type { Future } from '../../loop/future.js';

/** Ms that a loop which closes waits for them. */
const GRACE_MS = 1000;

export class UnderWay {
  private readonly all = new Set<Future<never> | Future<unknown>>();
  private none: (() => void) | null = null;

  get size(): number {
    return this.all.size;
  }

  add(operation: Future<never> | Future<unknown>): void {
    this.all.add(operation);
  }

  delete(operation: Future<never> | Future<unknown>): void {
    this.all.delete(operation);
    if (this.all.size === 0) this.none?.();
  }

  /** Waits until all are done, but not for ever, and says which are not. */
  async end(): Promise<string[]> {
    if (this.all.size === 0) return [];
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.none = resolve;
      timer = setTimeout(resolve, GRACE_MS);
    });
    clearTimeout(timer);
    return [...this.all].map((operation) => operation.label());
  }
}
