/** Seeded noise: a test that draws from it holds or does not, and never only sometimes. */
import { seeded } from '#dist/src/stats/random.js';
import { normalQuantile } from '#dist/src/stats/normal.js';

/** Standard normal numbers, one a call. */
export function normalNoise(seed: number): () => number {
  const random = seeded(seed);
  return () => normalQuantile((random.int(0, 2 ** 31 - 1) + 0.5) / 2 ** 31);
}
