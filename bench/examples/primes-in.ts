/** The job of example 15. */
import { threadId } from 'node:worker_threads';
import { portable } from '../../src/loop/portable.js';

interface Counted {
  readonly primes: number;
  /** The process and thread that counted. */
  readonly where: string;
}

export const primesIn = portable(
  import.meta.url,
  'primesIn',
  (_loop, { from, to }: { from: number; to: number }): Counted => {
    let primes = 0;
    for (let n = Math.max(2, from); n < to; n++) if (isPrime(n)) primes++;
    return { primes, where: `${process.pid}/${threadId}` };
  },
);

function isPrime(n: number): boolean {
  for (let by = 2; by * by <= n; by++) if (n % by === 0) return false;
  return true;
}
