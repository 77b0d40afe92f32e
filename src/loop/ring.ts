/**
 * A ring: a queue in an array. The ready ring holds `Runnable`s: what may run next, in the order in which it became
 * ready.
 *
 *          head              tail
 *           v                 v
 *   [ . . . a  b  c  d  e  f  . . ]        capacity is a power of two, so that
 *                                          wrapping is a mask and not a division
 *
 * push, shift and unshift are O(1); adding is amortised, since a full ring doubles. A slot is cleared when it is
 * shifted: otherwise the ring would keep every task of its last lap from being collected. One slot stays empty, which
 * tells a full ring from an empty one without a counter.
 */

/** What a scheduler can run. `run` must not throw: the implementation reports its own errors. */
export interface Runnable {
  run(): void;
  /** Higher runs sooner, if the loop's strategy uses priorities. Default 0. */
  readonly priority?: number;
}

/** What is ready, in the order that a strategy chooses; iterated in any order. */
export interface ReadyQueue extends Iterable<Runnable> {
  readonly size: number;
  push(entry: Runnable): void;
  shift(): Runnable | undefined;
}

export class Ring<T> {
  private slots: (T | undefined)[];
  private mask: number;
  private head = 0;
  private tail = 0;

  constructor(capacity = 64) {
    this.slots = new Array<T | undefined>(capacity).fill(undefined);
    this.mask = capacity - 1;
  }

  get size(): number {
    return (this.tail - this.head) & this.mask;
  }

  push(entry: T): void {
    this.slots[this.tail] = entry;
    this.tail = (this.tail + 1) & this.mask;
    if (this.tail === this.head) this.grow();
  }

  /** Takes the oldest entry; undefined when there is none. */
  shift(): T | undefined {
    const { head } = this;
    if (head === this.tail) return undefined;
    const entry = this.slots[head];
    this.slots[head] = undefined;
    this.head = (head + 1) & this.mask;
    return entry;
  }

  /** Puts an entry back at the head, where `shift` takes the next one from. */
  unshift(entry: T): void {
    this.head = (this.head - 1) & this.mask;
    this.slots[this.head] = entry;
    if (this.tail === this.head) this.grow();
  }

  *[Symbol.iterator](): Generator<T> {
    for (let at = this.head; at !== this.tail; at = (at + 1) & this.mask) yield this.slots[at] as T;
  }

  private grow(): void {
    const old = this.slots;
    const capacity = old.length * 2;
    const slots = new Array<T | undefined>(capacity).fill(undefined);
    for (let i = 0; i < old.length; i++) slots[i] = old[(this.head + i) & this.mask];
    this.slots = slots;
    this.head = 0;
    this.tail = old.length;
    this.mask = capacity - 1;
  }
}
