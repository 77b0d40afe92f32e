/** That the CPU workloads compute what they say: the digest only says that all compute the same. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiply } from '#dist/src/workloads/cpu/matrix.js';
import { sieve } from '#dist/src/workloads/cpu/primes.js';
import { hashChain } from '#dist/src/workloads/cpu/sha256-chain.js';
import { sha256 } from '#dist/src/workloads/cpu/sha256.js';
import type { PortableJob } from '#dist/src/loop/policy.js';
import { microtask } from '#dist/src/policies/microtask/index.js';

async function resultOf<I>(job: PortableJob<I, string>, input: I): Promise<string> {
  const loop = await microtask.open();
  const result = await loop.run(() => loop.submit(job, input));
  await loop.close();
  return result;
}

describe('sha256', () => {
  const bytesOf = (message: Uint8Array): string =>
    Buffer.from(sha256(message, new Uint8Array(32))).toString('hex');
  const reference = (message: Uint8Array): string =>
    createHash('sha256').update(message).digest('hex');

  it('agrees with node:crypto at every length about its blocks', () => {
    for (let length = 0; length <= 200; length++) {
      const message = Uint8Array.from({ length }, (_, i) => i * 31 + length);
      expect(bytesOf(message), `${length} bytes`).toBe(reference(message));
    }
  });

  it('agrees with node:crypto on anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (message) => {
        expect(bytesOf(message)).toBe(reference(message));
      }),
    );
  });

  it('may write over its message, of which a view is only the view', () => {
    const memory = Uint8Array.from({ length: 100 }, (_, i) => i);
    const view = memory.subarray(7, 39);
    const expected = reference(view);
    sha256(view, view);
    expect(Buffer.from(view).toString('hex')).toBe(expected);
    expect([memory[6], memory[39]]).toEqual([6, 39]);
  });

  it('a chain is hashes of hashes', async () => {
    let expected = Buffer.from('ab'.repeat(32), 'hex');
    for (let i = 0; i < 300; i++) expected = createHash('sha256').update(expected).digest();
    expect(await resultOf(hashChain, 'ab'.repeat(32))).toBe(expected.toString('hex'));
  });
});

describe('primes', () => {
  const isPrime = (n: number): boolean => {
    if (n < 2) return false;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
    return true;
  };

  it.each([
    [0, 100],
    [2, 1],
    [1, 3],
    [990, 500],
    [999_000, 1000],
  ])('counts and sums those from %i, %i numbers on', async (from, length) => {
    const primes = Array.from({ length }, (_, i) => from + i).filter(isPrime);
    const sum = primes.reduce((a, b) => a + b, 0);
    expect(await resultOf(sieve, { from, length })).toBe(`${primes.length} primes, sum ${sum}`);
  });
});

describe('matrix', () => {
  it('multiplies as the definition does', async () => {
    const size = 40;
    const matrixOf = (seed: number): number[][] => {
      let x = seed | 0;
      return Array.from({ length: size }, () =>
        Array.from({ length: size }, () => {
          x = (Math.imul(x, 1664525) + 1013904223) | 0;
          return x >> 22;
        }),
      );
    };
    const a = matrixOf(5);
    const b = matrixOf(6);
    let trace = 0n;
    let sum = 0n;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        let entry = 0n;
        for (let k = 0; k < size; k++) {
          entry += BigInt(a[row]?.[k] ?? 0) * BigInt(b[k]?.[column] ?? 0);
        }
        if (row === column) trace += entry;
        sum += entry;
      }
    }
    expect(await resultOf(multiply, 5)).toBe(`trace ${trace}, sum ${sum}`);
  });
});
