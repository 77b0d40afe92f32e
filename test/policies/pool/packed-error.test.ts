/** What crosses, without a pool: what a case for every policy cannot ask for. */
import { describe, expect, it } from 'vitest';
import { TimeoutError } from 'loopdyno';
import { packError, unpackError } from '#dist/src/policies/pool/packed-error.js';

/** There and back, by way of both channels' copy. */
function crossed(thrown: unknown): unknown {
  return unpackError(structuredClone(packError(thrown)));
}

describe('an error that crosses', () => {
  it('says what was thrown where that cannot be copied', () => {
    for (const [thrown, text] of [
      [() => 1, /threw \[Function.*is no Error/],
      [Symbol('s'), /threw Symbol\(s\).*is no Error/],
      [new WeakMap(), /threw WeakMap.*is no Error/],
    ] as const) {
      expect(crossed(thrown)).toMatchObject({ message: expect.stringMatching(text) as unknown });
    }
  });

  it('arrives though every look at it throws', () => {
    const trap = (): never => {
      throw new Error('it was looked at');
    };
    const hostile = new Proxy(new Error('x'), { get: trap, getPrototypeOf: trap, ownKeys: trap });
    const mute = new Error('x');
    for (const key of ['stack', 'name', 'message', 'cause']) {
      Object.defineProperty(mute, key, { get: trap });
    }
    for (const thrown of [hostile, mute]) expect(crossed(thrown)).toBeInstanceOf(Error);
  });

  it("is of a class of the user's that only has the name of one of loopdyno's: then it is not ours", () => {
    const Theirs = { TimeoutError: class extends Error {} }.TimeoutError;
    const error = new Theirs('late');
    error.name = 'TimeoutError';
    expect(crossed(error)).not.toBeInstanceOf(TimeoutError);
    expect(crossed(error)).toMatchObject({ name: 'TimeoutError', message: 'late' });
  });

  it('is one object where it was one, and stays small where causes go deep', () => {
    const shared = new Error('shared');
    const both = crossed(new AggregateError([shared, shared])) as AggregateError;
    expect(both.errors[0]).toBe(both.errors[1]);
    let deep = new Error('deepest');
    for (let i = 0; i < 100_000; i++) deep = new Error('deep', { cause: deep });
    let depth = 0;
    for (let at = crossed(deep); at instanceof Error; at = at.cause) depth++;
    expect(depth).toBeGreaterThan(10);
    expect(depth).toBeLessThan(1000);
  });

  it('keeps fields hidden that were, and data of every kind', () => {
    const data = { map: new Map([[1, new Date(5)]]), bytes: new Uint8Array([1, 2]), big: 3n };
    const error = Object.defineProperty(new Error('x'), 'hidden', { value: data });
    const copy = crossed(error) as Error & { hidden: unknown };
    expect(Object.keys(copy)).toEqual([]);
    expect(copy.hidden).toEqual(data);
  });
});
