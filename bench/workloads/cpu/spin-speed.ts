/** How fast the contestants' core spins: the median of many blocks. */
import { pin, places } from '../../../src/duel/places.js';
import { median } from '../../../src/stats/median.js';
import type { OpenFixture } from '../../../src/workload/workload.js';
import { burn } from './spin.js';

const BLOCKS = 200;
/** Some 200 µs. */
const STEPS = 100_000;

export const openSpinSpeed: OpenFixture = async () => {
  await pin(process.pid, places()?.contestants);
  const blocksMs = Array.from({ length: BLOCKS }, (_, i) => {
    const began = performance.now();
    burn(i + 1, STEPS);
    return performance.now() - began;
  });
  return { facts: { stepsPerUs: Math.round(STEPS / (median(blocksMs) * 1000)) } };
};
