/** How inputs cross to a thread: what is copied, what is moved, and what is left as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesIn, crossed, remakeOf } from '#dist/src/catalogue/crossing.js';

/** Values with buffers at any depth, among others. */
const views = fc.oneof(
  fc.uint8Array({ minLength: 1 }),
  fc.float64Array({ minLength: 1, noNaN: true }),
  fc.int16Array({ minLength: 1 }).map((array) => new DataView(array.buffer)),
  fc.uint8Array({ minLength: 1 }).map((array) => array.buffer),
);
const { value: values } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.constant(null),
    views,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }).map((made) => ({ ...made })),
  ),
}));

describe('a value that is made anew', () => {
  it('equals the first one, and has memory of its own', () => {
    fc.assert(
      fc.property(values, (value) => {
        const remake = remakeOf(value);
        if (remake === null) {
          expect(bytesIn(value)).toBe(0);
          return;
        }
        const [old, made] = [new Set<ArrayBuffer>(), new Set<ArrayBufferLike>()];
        const copy = remake((buffer) => {
          expect(old.has(buffer)).toBe(false);
          old.add(buffer);
          const own = buffer.slice(0);
          made.add(own);
          return own;
        });
        expect(copy).toEqual(value);
        remakeOf(copy)?.((buffer) => {
          expect(made.has(buffer)).toBe(true);
          return buffer;
        });
        expect(bytesIn(copy)).toBe(bytesIn(value));
      }),
    );
  });

  it('has two views of one buffer where there were two', () => {
    const buffer = new ArrayBuffer(8);
    const value = { head: new Uint8Array(buffer, 0, 2), all: new Uint16Array(buffer) };
    const copy = remakeOf(value)?.((of) => of.slice(0)) as typeof value;
    copy.head[0] = 7;
    expect(copy.all[0]).toBe(7);
    expect(value.all[0]).toBe(0);
    expect(bytesIn(value)).toBe(8);
  });

  it('keeps what has no bytes as it is, and ends where a value holds itself', () => {
    const names = ['a', 'b'];
    const value: Record<string, unknown> = { names, bytes: new Uint8Array(2) };
    value['self'] = value;
    const copy = remakeOf(value)?.((of) => of.slice(0)) as typeof value;
    expect(copy['names']).toBe(names);
    expect(copy['bytes']).not.toBe(value['bytes']);
    expect(copy['self']).toBe(value);
  });

  it('is none where there are no bytes of one’s own', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(4));
    for (const value of [undefined, 'text', [1, 2], { a: { b: null } }, new Map(), { shared }]) {
      expect(remakeOf(value)).toBeNull();
    }
  });
});

describe('inputs that cross', () => {
  const input = { name: 'a', pixels: Uint8Array.of(1, 2, 3) };

  it('are what they were, as clones', () => {
    expect(crossed([input], 'clone')).toEqual({ inputs: [input] });
  });

  it('have bytes of their own for each job that takes them away', () => {
    const { inputs, hand } = crossed([input, 'text'], 'transfer');
    expect(inputs[0]).toBe(input);
    const [first, second] = [hand?.(input, 0), hand?.(input, 0)];
    expect(first?.input).toEqual(input);
    expect(first?.options.moveResult).toBe(true);
    const buffers = [first, second].map((each) => each?.options.transfer?.[0] as ArrayBuffer);
    expect(new Set([input.pixels.buffer, ...buffers]).size).toBe(3);
    structuredClone(first?.input, { transfer: buffers.slice(0, 1) });
    expect(input.pixels).toEqual(Uint8Array.of(1, 2, 3));
    expect(hand?.('text', 1)).toEqual({ input: 'text', options: { moveResult: true } });
  });

  it('lie in shared memory once and for all', () => {
    const { inputs, hand } = crossed([input], 'shared');
    const [shared] = inputs as [typeof input];
    expect(shared.pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([...shared.pixels]).toEqual([1, 2, 3]);
    expect(hand?.(shared, 0).input).toBe(shared);
    expect(input.pixels.buffer).toBeInstanceOf(ArrayBuffer);
  });

  it('are plain bytes there where they were a Buffer, as in a message', () => {
    const { hand } = crossed([Buffer.from('text')], 'transfer');
    const copy = hand?.(Buffer.from('text'), 0).input as Uint8Array;
    expect(Buffer.isBuffer(copy)).toBe(false);
    expect(Buffer.from(copy).toString()).toBe('text');
  });
});
