/**
 * `primes` (cpu): sieve of Eratosthenes over a segment. A job counts and sums the primes between two numbers. Typed
 * arrays and integer loops, which V8 compiles best.
 */
import { portable } from '../../loop/portable.js';
import { seeded } from '../../stats/random.js';
import { defineWorkload } from '../../workload/define.js';

/** As many segments as one sample can do, so that all samples contain the same work. */
const SEGMENTS = 4;
const LENGTH = 30_000;
const HIGHEST = 1_000_000;

export interface Segment {
  /** The first number, and how many numbers. */
  readonly from: number;
  readonly length: number;
}

/**
 * All jobs of a thread share one array. With an array each, their 30 KB come from malloc, which takes fresh pages from
 * the kernel (7 faults a job, 240 µs) or has some left (140 µs): 3 processes of 24 were slow in most of their slices.
 * But a sieve should measure V8.
 */
let scratch = new Uint8Array(LENGTH);

export const sieve = portable(
  import.meta.url,
  'sieve',
  function* (_loop, { from, length }: Segment) {
    if (scratch.length < length) scratch = new Uint8Array(length);
    const composite = scratch.fill(0, 0, length);
    const end = from + length;
    for (let p = 2; p * p < end; p++) {
      // Also for a p that is no prime: its multiples are composite all the same.
      if (p > 3 && (p % 2 === 0 || p % 3 === 0)) continue;
      const first = Math.max(p * p, Math.ceil(from / p) * p);
      for (let at = first - from; at < length; at += p) composite[at] = 1;
    }
    let count = 0;
    let sum = 0;
    for (let at = Math.max(0, 2 - from); at < length; at++) {
      if (composite[at] === 1) continue;
      count++;
      sum += from + at;
    }
    return `${count} primes, sum ${sum}`;
  },
);

export const primes = defineWorkload({
  name: 'primes',
  kind: 'cpu',
  quick: true,
  summary: `sieve segments of ${LENGTH.toLocaleString('en')} numbers`,
  job: sieve,
  inputs({ seed }) {
    const random = seeded(seed);
    return Array.from({ length: SEGMENTS }, () => ({
      from: random.int(0, HIGHEST),
      length: LENGTH,
    }));
  },
  concurrency: 4,
});
