/** Operations that cannot be interrupted: a thread of the host is at work on each, and will come back. */
import { LinkedList } from '../../loop/linked-list.js';
import type { Operation } from '../../loop/operation.js';

/** Ms that a loop which closes waits for them. */
const GRACE_MS = 1000;

type AnyOperation = Operation<never> | Operation<unknown>;

export class UnderWay {
  private readonly all = new LinkedList<AnyOperation>();
  private none: (() => void) | null = null;

  get isEmpty(): boolean {
    return this.all.isEmpty;
  }

  add(operation: AnyOperation): void {
    this.all.add(operation);
  }

  remove(operation: AnyOperation): void {
    this.all.remove(operation);
    if (this.isEmpty) this.none?.();
  }

  /** Waits until all are done, but not for ever, and says which are not. */
  async end(): Promise<string[]> {
    if (this.isEmpty) return [];
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.none = resolve;
      timer = setTimeout(resolve, GRACE_MS);
    });
    clearTimeout(timer);
    return [...this.all].map((operation) => operation.label());
  }
}
