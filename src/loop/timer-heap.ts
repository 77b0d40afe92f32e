/**
 * The timer heap: a binary min-heap of timers, ordered by deadline and, where deadlines are
 * equal, by age, so that equal timers fire first in, first out.
 *
 *               12.0#1
 *              /      \            add      O(1): it waits in `incoming` until deadlines are looked at
 *         15.5#0      12.0#4       cancel   O(1): the timer is only marked
 *         /    \                   next     O(log n) for each timer that has come in since
 *     20.0#2  15.5#3               due      O(log n) each
 *
 * Most timers are time-outs, and most time-outs are cancelled, so cancelling must cost nothing:
 * a cancelled timer stays where it is and is dropped when it reaches the top. One that is cancelled
 * before anyone has looked at the deadlines never enters the heap. So that a million cancelled
 * time-outs of an hour do not stay for an hour, all are dropped, O(n), once they are more than half:
 * amortised O(1) per cancellation.
 */
import type { Handle, Timer } from './policy.js';
import type { ReadyQueue, Runnable } from './ring.js';

const COMPACT_FROM = 64;

/** A scheduled callback, as what is ready holds it. */
export class ScheduledCallback implements Handle, Runnable {
  /** @internal null once run or cancelled */
  callback: (() => void) | null;
  private readonly onError: (error: unknown) => void;
  cancelled = false;

  constructor(callback: () => void, onError: (error: unknown) => void) {
    this.callback = callback;
    this.onError = onError;
  }

  cancel(): void {
    if (this.callback === null) return;
    this.callback = null;
    this.cancelled = true;
  }

  /** @internal */
  run(): void {
    const { callback } = this;
    if (callback === null) return;
    this.callback = null;
    try {
      callback();
    } catch (error) {
      this.onError(error);
    }
  }
}

/** A timer, as the heap holds it. */
export class HeapTimer extends ScheduledCallback implements Timer {
  readonly when: number;
  /** @internal age, the second key of the order */
  seq = 0;
  /** @internal the heap it waits in, null when it has left */
  heap: TimerHeap | null = null;

  constructor(when: number, callback: () => void, onError: (error: unknown) => void) {
    super(callback, onError);
    this.when = when;
  }

  override cancel(): void {
    if (this.callback === null) return;
    super.cancel();
    this.heap?.cancelledOne();
  }
}

function before(a: HeapTimer, b: HeapTimer): boolean {
  return a.when < b.when || (a.when === b.when && a.seq < b.seq);
}

export class TimerHeap {
  private heap: HeapTimer[] = [];
  /** Timers that nobody has looked for yet. */
  private incoming: HeapTimer[] = [];
  private cancelled = 0;
  private seq = 0;
  /** Told when a cancellation leaves no timer that may still fire. */
  emptied: (() => void) | null = null;

  /** Timers that may still fire. */
  get size(): number {
    return this.heap.length + this.incoming.length - this.cancelled;
  }

  add(timer: HeapTimer): void {
    timer.seq = this.seq++;
    timer.heap = this;
    this.incoming.push(timer);
  }

  /** The nearest deadline in ms of the loop's clock, Infinity when there is none. */
  next(): number {
    this.takeIn();
    this.dropCancelled();
    const top = this.heap[0];
    return top === undefined ? Infinity : top.when;
  }

  /** Moves every timer due at `now` to the ready ring, earliest first. */
  moveDue(now: number, ready: ReadyQueue): void {
    this.takeIn();
    for (;;) {
      const top = this.heap[0];
      if (top === undefined || top.when > now) return;
      this.pop();
      if (top.callback === null) this.cancelled--;
      else ready.push(top);
    }
  }

  /** Forgets all timers; none of them fires. */
  clear(): void {
    for (const timer of this.heap) timer.heap = null;
    for (const timer of this.incoming) timer.heap = null;
    this.heap = [];
    this.incoming = [];
    this.cancelled = 0;
  }

  /** @internal called by a timer as it is cancelled */
  cancelledOne(): void {
    this.cancelled++;
    const { heap, incoming } = this;
    const all = heap.length + incoming.length;
    if (this.cancelled === all) this.emptied?.();
    if (all < COMPACT_FROM || this.cancelled * 2 <= all) return;
    dropFrom(incoming);
    if (dropFrom(heap) > 0) {
      for (let i = (heap.length >> 1) - 1; i >= 0; i--) this.siftDown(i);
    }
    this.cancelled = 0;
  }

  private takeIn(): void {
    const { heap, incoming } = this;
    if (incoming.length === 0) return;
    for (const timer of incoming) {
      if (timer.callback === null) {
        timer.heap = null;
        this.cancelled--;
      } else {
        heap.push(timer);
        this.siftUp(heap.length - 1);
      }
    }
    incoming.length = 0;
  }

  private dropCancelled(): void {
    for (let top = this.heap[0]; top !== undefined && top.callback === null; top = this.heap[0]) {
      this.pop();
      this.cancelled--;
    }
  }

  private pop(): void {
    const { heap } = this;
    const top = heap[0] as HeapTimer;
    top.heap = null;
    const last = heap.pop() as HeapTimer;
    if (heap.length > 0) {
      heap[0] = last;
      this.siftDown(0);
    }
  }

  private siftUp(index: number): void {
    const { heap } = this;
    const timer = heap[index] as HeapTimer;
    let i = index;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as HeapTimer;
      if (before(above, timer)) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = timer;
  }

  private siftDown(index: number): void {
    const { heap } = this;
    const { length } = heap;
    const timer = heap[index] as HeapTimer;
    let i = index;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= length) break;
      const right = child + 1;
      if (right < length && before(heap[right] as HeapTimer, heap[child] as HeapTimer))
        child = right;
      const below = heap[child] as HeapTimer;
      if (before(timer, below)) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = timer;
  }
}

/** Drops what was cancelled, keeps the order of the rest, and says how many were dropped. */
function dropFrom(timers: HeapTimer[]): number {
  let kept = 0;
  for (const timer of timers) {
    if (timer.callback === null) timer.heap = null;
    else timers[kept++] = timer;
  }
  const dropped = timers.length - kept;
  timers.length = kept;
  return dropped;
}
