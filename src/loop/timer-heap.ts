/**
 * The timer heap: a min-heap of timers in which each has up to four below it, ordered by deadline
 * and, where deadlines are equal, by age, so that equal timers fire first in, first out.
 *
 *              12.0#1                    timers  [ a    b    c    d    e    … ]
 *         /     /   \     \              whens   [ 12.0 15.5 12.0 20.0 15.5 … ]
 *     15.5#0 12.0#4 20.0#2 15.5#3        ages    [ 1    0    4    2    3    … ]
 *
 *   add      O(1): it waits among the newcomers until deadlines are looked at
 *   cancel   O(1): the timer is only marked
 *   next     O(log n) for each timer that has come in since
 *   due      O(log n) each
 *
 * Most timers are time-outs, and most time-outs are cancelled, so cancelling must cost nothing:
 * a cancelled timer stays where it is and is dropped when it reaches the top. One that is cancelled
 * before anyone has looked at the deadlines never enters the heap. So that a million cancelled
 * time-outs of an hour do not stay for an hour, all are dropped, O(n), once they are more than half:
 * amortised O(1) per cancellation.
 *
 * What a timer costs is mostly its memory, so it has four fields; what orders it, the heap keeps in
 * arrays of its own, and no comparison reads a timer. The newcomers are a list through the timers: set
 * and cancelled, a timer costs 30% less than with an array of them, which V8 has to look through for
 * young objects at each scavenge.
 */
import type { Timer } from './policy.js';
import type { ReadyQueue } from './ring.js';
import { ScheduledCallback, type CallbackOwner } from './scheduled-callback.js';

const COMPACT_FROM = 64;

/** A timer. Its owner is the heap while it waits there. */
export class HeapTimer extends ScheduledCallback implements Timer {
  readonly when: number;
  /** @internal among the newcomers */
  next: HeapTimer | null = null;

  constructor(when: number, callback: () => void, owner: CallbackOwner) {
    super(callback, owner);
    this.when = when;
  }
}

export class TimerHeap implements CallbackOwner {
  /** Timers that may still fire. */
  size = 0;
  /** Told when a cancellation leaves no timer that may still fire. */
  emptied: (() => void) | null = null;
  /** The owner of timers that have left. */
  private readonly outside: CallbackOwner;
  /** Timers that nobody has looked for yet, the newest first. */
  private newcomers: HeapTimer | null = null;
  /** Timers that are held, the cancelled ones included. */
  private held = 0;
  private readonly timers: HeapTimer[] = [];
  private readonly whens: number[] = [];
  private readonly ages: number[] = [];
  private age = 0;

  constructor(outside: CallbackOwner) {
    this.outside = outside;
  }

  add(when: number, callback: () => void): HeapTimer {
    const timer = new HeapTimer(when, callback, this);
    timer.next = this.newcomers;
    this.newcomers = timer;
    this.held++;
    this.size++;
    return timer;
  }

  /** The nearest deadline in ms of the loop's clock, Infinity when there is none. */
  next(): number {
    this.takeIn();
    while (this.timers[0]?.cancelled === true) this.pop();
    return this.whens[0] ?? Infinity;
  }

  /** Moves every timer due at `now` to the ready ring, earliest first. */
  moveDue(now: number, ready: ReadyQueue): void {
    this.takeIn();
    while (this.timers.length > 0 && (this.whens[0] as number) <= now) {
      const timer = this.pop();
      if (timer.cancelled) continue;
      this.size--;
      ready.push(timer);
    }
  }

  /** Forgets all timers; none of them fires. */
  clear(): void {
    this.takeIn();
    for (const timer of this.timers) timer.owner = this.outside;
    this.truncate(0);
    this.held = 0;
    this.size = 0;
  }

  /** @internal called by a timer as it is cancelled */
  cancelledOne(): void {
    if (--this.size === 0) this.emptied?.();
    if (this.held >= COMPACT_FROM && this.size * 2 < this.held) this.compact();
  }

  /** @internal */
  threw(error: unknown): void {
    this.outside.threw(error);
  }

  private takeIn(): void {
    let oldest = this.turned(this.newcomers);
    this.newcomers = null;
    while (oldest !== null) {
      const { next } = oldest;
      oldest.next = null;
      this.rise(oldest);
      oldest = next;
    }
  }

  /** A list the other way round, without those that were cancelled. */
  private turned(list: HeapTimer | null): HeapTimer | null {
    let turned: HeapTimer | null = null;
    for (let at = list; at !== null;) {
      const { next } = at;
      if (at.cancelled) {
        at.next = null;
        this.leave(at);
      } else {
        at.next = turned;
        turned = at;
      }
      at = next;
    }
    return turned;
  }

  private leave(timer: HeapTimer): void {
    timer.owner = this.outside;
    this.held--;
  }

  private pop(): HeapTimer {
    const top = this.timers[0] as HeapTimer;
    this.leave(top);
    const last = this.timers.pop() as HeapTimer;
    const when = this.whens.pop() as number;
    const age = this.ages.pop() as number;
    if (last !== top) this.sink(0, last, when, age);
    return top;
  }

  /** Puts a timer, the youngest of all, in its place: an equal one above it is older. */
  private rise(timer: HeapTimer): void {
    const { whens } = this;
    const { when } = timer;
    let i = whens.length;
    while (i > 0) {
      const parent = (i - 1) >> 2;
      if ((whens[parent] as number) <= when) break;
      this.move(parent, i);
      i = parent;
    }
    this.put(i, timer, when, this.age++);
  }

  /** Puts a timer at `index`, or below if others come first. */
  private sink(index: number, timer: HeapTimer, when: number, age: number): void {
    const { whens, ages } = this;
    const { length } = whens;
    let i = index;
    for (let child = 4 * i + 1; child < length; child = 4 * i + 1) {
      let first = child;
      let firstWhen = whens[child] as number;
      const end = Math.min(child + 4, length);
      for (let j = child + 1; j < end; j++) {
        const own = whens[j] as number;
        if (own > firstWhen) continue;
        if (own === firstWhen && (ages[j] as number) > (ages[first] as number)) continue;
        first = j;
        firstWhen = own;
      }
      if (firstWhen > when || (firstWhen === when && (ages[first] as number) > age)) break;
      this.move(first, i);
      i = first;
    }
    this.put(i, timer, when, age);
  }

  private move(from: number, to: number): void {
    const { timers, whens, ages } = this;
    this.put(to, timers[from] as HeapTimer, whens[from] as number, ages[from] as number);
  }

  private put(i: number, timer: HeapTimer, when: number, age: number): void {
    this.timers[i] = timer;
    this.whens[i] = when;
    this.ages[i] = age;
  }

  /** Drops what was cancelled. */
  private compact(): void {
    this.newcomers = this.turned(this.turned(this.newcomers));
    const { timers } = this;
    let kept = 0;
    for (let i = 0; i < timers.length; i++) {
      const timer = timers[i] as HeapTimer;
      if (timer.cancelled) this.leave(timer);
      else this.move(i, kept++);
    }
    if (kept === timers.length) return;
    this.truncate(kept);
    for (let i = (kept - 2) >> 2; i >= 0; i--) {
      this.sink(i, timers[i] as HeapTimer, this.whens[i] as number, this.ages[i] as number);
    }
  }

  private truncate(length: number): void {
    this.timers.length = length;
    this.whens.length = length;
    this.ages.length = length;
  }
}
