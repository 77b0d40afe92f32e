/** Ready queues with other orders than first in, first out. */
import { seeded, type Random } from '../../stats/random.js';
import type { ReadyQueue, Runnable } from '../../loop/ring.js';

/**
 * The highest priority first; among equals, the oldest. A binary heap: O(log n) in and out. A task has the priority it
 * was spawned with, a callback has 0. Low priorities can starve; that is how priorities work. IO and timers cannot: a
 * turn still ends after as many entries as it found.
 */
export class PriorityReady implements ReadyQueue {
  private readonly heap: { readonly entry: Runnable; readonly priority: number; seq: number }[] =
    [];
  private seq = 0;

  get size(): number {
    return this.heap.length;
  }

  push(entry: Runnable): void {
    const { heap } = this;
    const item = { entry, priority: entry.priority ?? 0, seq: this.seq++ };
    let i = heap.length;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as (typeof heap)[number];
      if (above.priority >= item.priority) break; // an equal one above is older
      heap[i] = above;
      i = parent;
    }
    heap[i] = item;
  }

  shift(): Runnable | undefined {
    const { heap } = this;
    const [top] = heap;
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top?.entry;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.precedes(child + 1, child)) child++;
      const below = heap[child] as (typeof heap)[number];
      if (!comesFirst(below, last)) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = last;
    return top.entry;
  }

  *[Symbol.iterator](): Generator<Runnable> {
    for (const { entry } of this.heap) yield entry;
  }

  private precedes(i: number, j: number): boolean {
    const { heap } = this;
    return comesFirst(heap[i] as (typeof heap)[number], heap[j] as (typeof heap)[number]);
  }
}

interface Ranked {
  readonly priority: number;
  readonly seq: number;
}

function comesFirst(a: Ranked, b: Ranked): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.seq < b.seq);
}

/** A random entry, drawn with a seed: to try interleavings and to replay one. O(1). */
export class ShuffledReady implements ReadyQueue {
  private readonly entries: Runnable[] = [];
  private readonly random: Random;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  get size(): number {
    return this.entries.length;
  }

  push(entry: Runnable): void {
    this.entries.push(entry);
  }

  shift(): Runnable | undefined {
    const { entries } = this;
    if (entries.length === 0) return undefined;
    const i = this.random.int(0, entries.length - 1);
    const drawn = entries[i] as Runnable;
    const last = entries.pop() as Runnable;
    if (i < entries.length) entries[i] = last;
    return drawn;
  }

  [Symbol.iterator](): Iterator<Runnable> {
    return this.entries.values();
  }
}
