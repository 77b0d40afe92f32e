/**
 * What tasks of one loop use to coordinate: Lock, Semaphore, Event and Queue, first come, first served. Each wait is a
 * future, so `yield*` and `await` both work.
 *
 * A cancellation loses nothing. A cancelled waiter is skipped. If a waiter was served and is then cancelled before it
 * could run, or was not the first of several, it gives back what it got (see `handover.ts`): the permit goes to the
 * next waiter, the item to the head of its queue.
 */
import { InvalidArgumentError, InvalidStateError, quote } from './errors.js';
import type { Future } from './future.js';
import { Handover } from './handover.js';
import { LinkedList, type Link } from './linked-list.js';
import type { Coroutine, Loop } from './policy.js';
import { Ring } from './ring.js';

/** Waiters, oldest first. Leaving costs O(1), since time-outs leave all the time. */
type Line<W extends Link> = LinkedList<W>;

/** A wait in line for something that can be given back. */
class Wait<T> extends Handover<T> implements Link {
  older: Link | null = null;
  newer: Link | null = null;
  private readonly line: Line<Wait<T>>;
  private readonly what: string;
  private readonly back: (value: T) => void;

  constructor(loop: Loop, what: string, line: Line<Wait<T>>, back: (value: T) => void) {
    super(loop.future().scheduler);
    this.line = line;
    this.what = what;
    this.back = back;
  }

  override cancel(message?: string): boolean {
    this.line.remove(this);
    return super.cancel(message);
  }

  protected override giveBack(value: T): void {
    this.back(value);
  }

  override label(): string {
    return this.what;
  }
}

/** A producer that waits for room. Once its item is placed, the item stays, whatever happens to the wait. */
class Put<T> extends Wait<void> {
  readonly item: T;

  constructor(loop: Loop, line: Line<Wait<void>>, item: T) {
    super(loop, 'room in a queue', line, () => {});
    this.item = item;
  }
}

/** A fixed number of permits. A task that finds none waits for one. */
export class Semaphore {
  protected readonly kind: string = 'semaphore';
  private readonly loop: Loop;
  private readonly permits: number;
  private readonly waiting: Line<Wait<void>> = new LinkedList();
  private free: number;

  constructor(loop: Loop, permits: number) {
    if (!Number.isInteger(permits) || permits < 1) {
      throw new InvalidArgumentError(
        `a semaphore has a whole number of permits, 1 or more, but got ${quote(permits)}`,
      );
    }
    this.loop = loop;
    this.permits = permits;
    this.free = permits;
  }

  /** Whether `acquire` would have to wait. */
  get locked(): boolean {
    return this.free === 0;
  }

  /** Takes a permit, waiting if there is none. Each permit must be released. */
  acquire(): Future<void> {
    const wait = new Wait<void>(this.loop, `a ${this.kind}`, this.waiting, () => this.release());
    if (this.free > 0) {
      this.free--;
      wait.setResult();
    } else {
      this.waiting.add(wait);
    }
    return wait;
  }

  /** Passes a permit to the longest waiter, or puts it back. */
  release(): void {
    if (this.free === this.permits) {
      throw new InvalidStateError(
        `release() was called on a ${this.kind} of which nothing is taken: acquire() first, release once`,
      );
    }
    const wait = this.waiting.shift();
    if (wait === undefined) this.free++;
    else wait.setResult();
  }

  /** Runs a coroutine while holding a permit: `yield* lock.hold(function* () { … })`. */
  *hold<T>(body: () => Coroutine<T>): Coroutine<T> {
    yield* this.acquire();
    try {
      return yield* body();
    } finally {
      this.release();
    }
  }
}

/** A semaphore with one permit. */
export class Lock extends Semaphore {
  protected override readonly kind = 'lock';

  constructor(loop: Loop) {
    super(loop, 1);
  }
}

/** A flag to wait for. */
export class Event {
  private readonly loop: Loop;
  private readonly waiting: Line<Wait<void>> = new LinkedList();
  private flag = false;

  constructor(loop: Loop) {
    this.loop = loop;
  }

  get isSet(): boolean {
    return this.flag;
  }

  /** Lets every waiter pass, now and until `clear`. */
  set(): void {
    this.flag = true;
    for (let wait = this.waiting.shift(); wait; wait = this.waiting.shift()) wait.setResult();
  }

  clear(): void {
    this.flag = false;
  }

  /** Done as soon as the flag is set. */
  wait(): Future<void> {
    const wait = new Wait<void>(this.loop, 'an event', this.waiting, () => {});
    if (this.flag) wait.setResult();
    else this.waiting.add(wait);
    return wait;
  }
}

/** A queue between tasks, bounded if `maxSize` is given: producers wait while it is full. */
export class Queue<T> {
  /** The maximum number of items. */
  readonly maxSize: number;
  private readonly loop: Loop;
  private readonly items = new Ring<T>(16);
  private readonly getters: Line<Wait<T>> = new LinkedList();
  private readonly putters: Line<Put<T>> = new LinkedList();
  private unfinished = 0;
  private readonly allDone: Event;

  constructor(loop: Loop, options: { maxSize?: number } = {}) {
    const { maxSize = Infinity } = options;
    if (maxSize !== Infinity && (!Number.isInteger(maxSize) || maxSize < 1)) {
      throw new InvalidArgumentError(
        `a queue's maxSize is a whole number, 1 or more, but got ${quote(maxSize)}: leave it out for no bound`,
      );
    }
    this.loop = loop;
    this.maxSize = maxSize;
    this.allDone = new Event(loop);
    this.allDone.set();
  }

  get size(): number {
    return this.items.size;
  }

  /** Done when the item is in the queue. */
  put(item: T): Future<void> {
    const put = new Put<T>(this.loop, this.putters as Line<Wait<void>>, item);
    if (this.tryPut(item)) put.setResult();
    else this.putters.add(put);
    return put;
  }

  /** Puts the item if there is room, and returns whether there was. */
  tryPut(item: T): boolean {
    if (this.items.size >= this.maxSize) return false;
    this.add(item);
    return true;
  }

  /** Takes the oldest item, waiting if there is none. */
  get(): Future<T> {
    const wait = new Wait<T>(this.loop, 'a queue', this.getters, (item) => this.putBack(item));
    if (this.items.size > 0) wait.setResult(this.take());
    else this.getters.add(wait);
    return wait;
  }

  /** Takes the oldest item as `{ item }`; null if there is none. */
  tryGet(): { item: T } | null {
    return this.items.size > 0 ? { item: this.take() } : null;
  }

  /** Says that an item from `get` has been processed; see `join`. */
  taskDone(): void {
    if (this.unfinished === 0) {
      throw new InvalidStateError(
        'taskDone() was called more often than items were put: call it once for each item got',
      );
    }
    if (--this.unfinished === 0) this.allDone.set();
  }

  /** Done when `taskDone` was called for every item that was put. */
  join(): Future<void> {
    return this.allDone.wait();
  }

  private add(item: T): void {
    this.unfinished++;
    this.allDone.clear();
    const getter = this.getters.shift();
    if (getter === undefined) this.items.push(item);
    else getter.setResult(item);
  }

  private take(): T {
    const item = this.items.shift() as T;
    // An item that was put back may have left more items than there is room for.
    const put = this.items.size < this.maxSize ? this.putters.shift() : undefined;
    if (put !== undefined) {
      this.add(put.item);
      put.setResult();
    }
    return item;
  }

  private putBack(item: T): void {
    const getter = this.getters.shift();
    if (getter === undefined) this.items.unshift(item);
    else getter.setResult(item);
  }
}
