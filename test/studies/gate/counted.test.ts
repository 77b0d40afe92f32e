import { describe, expect, it } from 'vitest';
import type { Round } from '#dist/src/documents/results.js';
import { countedOf } from '#dist/src/studies/gate/counted.js';

function rounds(bytes: readonly number[], calls?: readonly number[]): Round[] {
  return bytes.map((each, at) => {
    const own = calls?.[at];
    const counts = {
      jobs: 100,
      bytes: each * 100,
      collections: 2,
      ...(own === undefined ? {} : { calls: own * 100 }),
    };
    return { counts } as Round;
  });
}

describe('counts of base and head', () => {
  it('tell a change of 2% where processes agree', () => {
    const [bytes] = countedOf(rounds([1000, 1001, 1002]), rounds([1020, 1021, 1022]));
    expect(bytes).toEqual({ what: 'bytes', base: 1001, head: 1021, changed: true });
  });

  it('tell a decrease as well', () => {
    expect(countedOf(rounds([1000, 1001, 999]), rounds([900, 901, 902]))[0]?.changed).toBe(true);
  });

  it('tell a change that one process in which something rare happened would hide', () => {
    const base = rounds([1040, 1041, 1040, 1390, 1040]);
    expect(countedOf(base, rounds([1061, 1062, 1061, 1061, 1400]))[0]?.changed).toBe(true);
    expect(countedOf(base, rounds([1041, 1040, 1400, 1390, 1040]))[0]?.changed).toBe(false);
  });

  it('tell nothing that processes of one side differ by', () => {
    const [bytes] = countedOf(rounds([1000, 1060, 1030]), rounds([1070, 1100, 1120]));
    expect(bytes?.changed).toBe(false);
  });

  it('tell nothing below 1%, and nothing of two processes', () => {
    expect(countedOf(rounds([1000, 1000, 1000]), rounds([1009, 1009, 1009]))[0]?.changed).toBe(
      false,
    );
    expect(countedOf(rounds([1000, 1000]), rounds([1100, 1100]))[0]?.changed).toBe(false);
  });

  it('tell nothing of what hardly ever happens', () => {
    const [, calls] = countedOf(
      rounds([1000, 1000, 1000], [0.0016, 0.0016, 0.0016]),
      rounds([1000, 1000, 1000], [0, 0, 0]),
    );
    expect(calls?.changed).toBe(false);
  });

  it('tell of what there was none', () => {
    const [, calls] = countedOf(rounds([10, 10, 10], [0, 0, 0]), rounds([10, 10, 10], [2, 2, 2]));
    expect(calls).toEqual({ what: 'calls', base: 0, head: 2, changed: true });
  });

  it('are none where a side does not count', () => {
    expect(countedOf([{} as Round], rounds([1]))).toEqual([]);
  });
});
