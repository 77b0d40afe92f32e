/** Seeded noise: a test that draws from it holds or does not, and never only sometimes. */
import { mixed, seeded } from '#dist/src/stats/random.js';

/** Standard normal numbers, one a call. */
export function normalNoise(seed: number): () => number {
  const random = seeded(mixed(seed));
  const share = (): number => (random.int(0, 2 ** 31 - 1) + 0.5) / 2 ** 31;
  // Box and Muller's.
  return () => Math.sqrt(-2 * Math.log(share())) * Math.cos(2 * Math.PI * share());
}
