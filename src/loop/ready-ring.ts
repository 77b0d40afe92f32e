/**
 * The ready ring: what may run next, in the order in which it became ready.
 *
 *          head              tail
 *           v                 v
 *   [ . . . a  b  c  d  e  f  . . ]        capacity is a power of two, so that
 *                                          wrapping is a mask and not a division
 *
 * push and shift are O(1); push is amortised, since a full ring doubles. A slot is cleared as it
 * is shifted: a ring that kept its last lap would keep every task on it from being collected.
 * One slot stays empty, which tells a full ring from an empty one without a counter.
 */

/** What a scheduler can run. Must not throw: whoever implements it reports its own errors. */
export interface Runnable {
  run(): void;
}

export class ReadyRing {
  private slots: (Runnable | undefined)[];
  private mask: number;
  private head = 0;
  private tail = 0;

  constructor(capacity = 64) {
    this.slots = new Array<Runnable | undefined>(capacity).fill(undefined);
    this.mask = capacity - 1;
  }

  get size(): number {
    return (this.tail - this.head) & this.mask;
  }

  push(entry: Runnable): void {
    this.slots[this.tail] = entry;
    this.tail = (this.tail + 1) & this.mask;
    if (this.tail === this.head) this.grow();
  }

  shift(): Runnable | undefined {
    const entry = this.slots[this.head];
    if (entry !== undefined) {
      this.slots[this.head] = undefined;
      this.head = (this.head + 1) & this.mask;
    }
    return entry;
  }

  private grow(): void {
    const old = this.slots;
    const capacity = old.length * 2;
    const slots = new Array<Runnable | undefined>(capacity).fill(undefined);
    for (let i = 0; i < old.length; i++) slots[i] = old[(this.head + i) & this.mask];
    this.slots = slots;
    this.head = 0;
    this.tail = old.length;
    this.mask = capacity - 1;
  }
}
