/** `matrix` (cpu): products of dense matrices: double arithmetic over some 40 KiB of memory. */
import { portable } from '../../loop/portable.js';
import { seeded } from '../../stats/random.js';
import { defineWorkload } from '../../workload/define.js';

const SIZE = 40;

/** All jobs of a thread share these matrices: `primes.ts` says what fresh ones would measure. */
const a = new Float64Array(SIZE * SIZE);
const b = new Float64Array(SIZE * SIZE);
const product = new Float64Array(SIZE * SIZE);

/** A job's input is a seed: its matrices are made from it, not sent, so that the copy is not measured. */
export const multiply = portable(import.meta.url, 'multiply', function* (_loop, seed: number) {
  fill(a, seed);
  fill(b, seed + 1);
  product.fill(0);
  for (let row = 0; row < SIZE; row++) {
    for (let k = 0; k < SIZE; k++) {
      const factor = a[row * SIZE + k] as number;
      for (let column = 0; column < SIZE; column++) {
        const at = row * SIZE + column;
        product[at] = (product[at] as number) + factor * (b[k * SIZE + column] as number);
      }
    }
  }
  // Entries are whole numbers below 2^53, so that the sum is exact whatever its order.
  let trace = 0;
  let sum = 0;
  for (let i = 0; i < SIZE; i++) trace += product[i * SIZE + i] as number;
  for (const entry of product) sum += entry;
  return `trace ${trace}, sum ${sum}`;
});

function fill(matrix: Float64Array, seed: number): void {
  let x = seed | 0;
  for (let i = 0; i < matrix.length; i++) {
    x = (Math.imul(x, 1664525) + 1013904223) | 0; // Numerical Recipes' generator, enough for this
    matrix[i] = x >> 22;
  }
}

export const matrix = defineWorkload({
  name: 'matrix',
  kind: 'cpu',
  summary: `products of ${SIZE} × ${SIZE} matrices of doubles`,
  standard: 0,
  job: multiply,
  inputs({ seed }) {
    const random = seeded(seed);
    return Array.from({ length: 4 }, () => random.int(0, 1 << 30));
  },
  concurrency: 4,
});
