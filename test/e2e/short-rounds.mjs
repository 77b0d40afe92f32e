/**
 * Short rounds, for tests of what a run answers and not of how precise it is. The command line loads this first (`node
 * --import`). A contestant warms up for 40 ms instead of seconds, and has 4 blocks of 50 ms instead of up to 40 of 110 ms.
 * All else is as users have it; `--warm-up` is what it is told to be, and not the least. test/harness tests warm-ups and
 * turns.
 */
import { QUICK_ROUND, ROUND } from '../../dist/src/harness/plan.js';

const warm = { windowMs: 20, learnMs: 40, leastMs: 40, mostMs: 40 };
const short = { warm, warmIo: warm, blocks: 4, blockMs: 50 };

for (const round of [ROUND, QUICK_ROUND]) Object.assign(round, short);
if (process.argv.includes('gate')) {
  const { PAIR } = await import('../../dist/src/studies/gate/measure.js');
  Object.assign(PAIR, short);
}
