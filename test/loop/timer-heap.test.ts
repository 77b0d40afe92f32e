import { Ring, type Runnable } from '#dist/src/loop/ring.js';
import { TimerHeap, type HeapTimer } from '#dist/src/loop/timer-heap.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const outside = {
  threw(error: unknown): never {
    throw error;
  },
  cancelledOne() {},
};

/** The heap as a sorted list would do it; `fired` is in the order of deadline, then of age. */
class Model {
  private timers: { id: number; when: number }[] = [];

  get size(): number {
    return this.timers.length;
  }

  add(id: number, when: number): void {
    this.timers.push({ id, when });
  }

  cancel(id: number): void {
    this.timers = this.timers.filter((timer) => timer.id !== id);
  }

  next(): number {
    return Math.min(Infinity, ...this.timers.map(({ when }) => when));
  }

  due(now: number): number[] {
    const due = this.timers.filter(({ when }) => when <= now);
    this.timers = this.timers.filter(({ when }) => when > now);
    return due.toSorted((a, b) => a.when - b.when || a.id - b.id).map(({ id }) => id);
  }
}

class Subject {
  readonly heap = new TimerHeap(outside);
  readonly timers: HeapTimer[] = [];
  private fired: number[] = [];

  add(when: number): void {
    const id = this.timers.length;
    this.timers.push(this.heap.add(when, () => this.fired.push(id)));
  }

  /** How many timers it refers to, the cancelled ones included. */
  held(): number {
    const { timers, newcomers } = this.heap as unknown as {
      timers: HeapTimer[];
      newcomers: HeapTimer | null;
    };
    let count = timers.length;
    for (let at = newcomers; at !== null; at = at.next) count++;
    return count;
  }

  due(now: number): number[] {
    const ring = new Ring<Runnable>();
    this.heap.moveDue(now, ring);
    this.fired = [];
    for (let next = ring.shift(); next !== undefined; next = ring.shift()) next.run();
    return this.fired;
  }
}

type Operation = ['add', number] | ['cancel', number] | ['pass', number] | ['look', number];

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('add' as const), fc.integer({ min: 0, max: 50 })) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('cancel' as const), fc.nat(400)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('pass' as const), fc.integer({ min: 0, max: 8 })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('look' as const), fc.constant(0)) },
);

describe('TimerHeap', () => {
  it('fires as a sorted list would, whatever is added and cancelled', () => {
    const property = fc.property(fc.array(operation, { maxLength: 600 }), (operations) => {
      const subject = new Subject();
      const model = new Model();
      let now = 0;
      for (const [what, value] of operations) {
        if (what === 'add') {
          model.add(subject.timers.length, now + value);
          subject.add(now + value);
        } else if (what === 'cancel') {
          subject.timers[value]?.cancel();
          model.cancel(value);
        } else if (what === 'pass') {
          now += value;
          expect(subject.due(now)).toEqual(model.due(now));
        } else {
          expect(subject.heap.next()).toBe(model.next());
        }
        expect(subject.heap.size).toBe(model.size);
        expect(subject.held()).toBeLessThan(Math.max(64, 2 * model.size + 1));
      }
      expect(subject.due(Infinity)).toEqual(model.due(Infinity));
      expect(subject.heap.next()).toBe(Infinity);
      expect(subject.held()).toBe(0);
      expect(subject.timers.every(({ next }) => next === null)).toBe(true);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it.each(['newcomers', 'the heap'])(
    'forgets cancelled timers once they are more than half of %s',
    (where) => {
      const subject = new Subject();
      for (let i = 0; i < 1000; i++) subject.add(i);
      if (where === 'the heap') subject.heap.next();
      for (let i = 0; i < 1000; i++) if (i % 10 !== 0) subject.timers[i]?.cancel();
      expect(subject.heap.size).toBe(100);
      expect(subject.held()).toBeLessThanOrEqual(200);
      expect(subject.due(Infinity)).toEqual(Array.from({ length: 100 }, (_, i) => i * 10));
    },
  );

  it('counts right when timers that compaction dropped are cancelled again', () => {
    const subject = new Subject();
    for (let i = 0; i < 200; i++) subject.add(i);
    for (const timer of subject.timers) timer.cancel();
    for (const timer of subject.timers) timer.cancel();
    expect(subject.heap.size).toBe(0);
    subject.add(5);
    expect(subject.heap.size).toBe(1);
    expect(subject.heap.next()).toBe(5);
  });

  it('counts right when a timer is cancelled after it has become due', () => {
    const subject = new Subject();
    subject.add(1);
    subject.add(2);
    const ring = new Ring<Runnable>();
    subject.heap.moveDue(1, ring);
    subject.timers[0]?.cancel();
    expect(subject.heap.size).toBe(1);
    (ring.shift() as Runnable).run();
    expect(subject.due(5)).toEqual([1]);
  });

  it('forgets all when it is cleared', () => {
    const subject = new Subject();
    for (let i = 0; i < 10; i++) subject.add(i);
    subject.timers[3]?.cancel();
    subject.heap.clear();
    subject.timers[4]?.cancel();
    expect(subject.heap.size).toBe(0);
    expect(subject.due(Infinity)).toEqual([]);
  });
});
