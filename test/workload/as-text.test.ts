/** Values as text: two that differ have two texts, and long binary data costs little. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asText } from '#dist/src/workload/as-text.js';

describe('a value as text', () => {
  it('is the same for the same bytes, and another for others, wherever they lie', () => {
    const at = fc.integer({ min: 0, max: 4999 });
    fc.assert(
      fc.property(at, fc.constantFrom(Uint8Array, Int16Array, Float64Array), (place, Kind) => {
        const of = (changed: boolean): unknown => {
          const array = new Kind(5000);
          if (changed) array[place] = 1;
          return { name: 'a', list: [1, [array]] };
        };
        expect(asText(of(false))).toBe(asText(of(false)));
        expect(asText(of(true))).not.toBe(asText(of(false)));
        expect(asText(of(true)).length).toBeLessThan(200);
      }),
    );
  });

  it('tells kinds and lengths apart, and a hash from a text that looks like one', () => {
    const long = new Uint8Array(4096);
    const texts = [
      long,
      new Uint16Array(2048),
      new Uint8Array(4097),
      new Uint8Array(1 << 16).subarray(8, 4096),
      asText(long),
      { long },
      [long],
      [long, long],
    ].map(asText);
    expect(new Set(texts).size).toBe(texts.length);
    expect(asText(new Uint8Array(1 << 16).subarray(0, 4096))).toBe(asText(long));
  });

  it('leaves the value as it was, prints what is short, and ends where a value holds itself', () => {
    const value: Record<string, unknown> = {
      bytes: new Uint8Array(2048),
      short: Uint8Array.of(1, 2),
    };
    value['self'] = value;
    expect(asText(value)).toContain('Uint8Array(2) [ 1, 2 ]');
    expect(asText(value)).toContain('<Uint8Array of 2048 bytes, ');
    expect(value['bytes']).toBeInstanceOf(Uint8Array);
  });
});
