import { Ring, type Runnable } from '#dist/src/loop/ring.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const entry = (): Runnable => ({ run() {} });

describe('Ring', () => {
  it('is a queue, whatever the order of push and shift', () => {
    const operations = fc.array(fc.oneof(fc.constant(true), fc.constant(false)), {
      maxLength: 300,
    });
    const property = fc.property(operations, fc.constantFrom(1, 2, 4, 64), (pushes, capacity) => {
      const ring = new Ring(capacity);
      const model: Runnable[] = [];
      for (const push of pushes) {
        if (push) {
          const added = entry();
          ring.push(added);
          model.push(added);
        } else {
          expect(ring.shift()).toBe(model.shift());
        }
        expect(ring.size).toBe(model.length);
        expect([...ring]).toEqual(model);
      }
      for (const expected of model) expect(ring.shift()).toBe(expected);
      expect(ring.shift()).toBeUndefined();
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('keeps its order as it wraps and grows at every offset', () => {
    for (let offset = 0; offset < 8; offset++) {
      const ring = new Ring(8);
      for (let i = 0; i < offset; i++) {
        ring.push(entry());
        ring.shift();
      }
      const added = Array.from({ length: 40 }, entry);
      for (const one of added) ring.push(one);
      expect(ring.size).toBe(40);
      expect(added.map(() => ring.shift())).toEqual(added);
      expect(ring.size).toBe(0);
    }
  });

  it('gives undefined when it is empty, and goes on', () => {
    const ring = new Ring(2);
    expect(ring.shift()).toBeUndefined();
    expect(ring.shift()).toBeUndefined();
    const one = entry();
    ring.push(one);
    expect(ring.shift()).toBe(one);
  });

  it('clears the slots of what it has given away', () => {
    const ring = new Ring(4);
    const { slots } = ring as unknown as { slots: (Runnable | undefined)[] };
    for (let i = 0; i < 10; i++) {
      ring.push(entry());
      ring.shift();
    }
    expect(slots.filter((slot) => slot !== undefined)).toEqual([]);
  });
});
