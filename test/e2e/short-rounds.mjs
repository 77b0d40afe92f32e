/**
 * Short rounds, for tests of what a run answers and not of how precise it is. The command line loads this first (`node
 * --import`). A contestant warms up for 20 ms instead of seconds, and has 2 blocks of 25 ms instead of up to 40 of 110 ms.
 * All else is as users have it; `--warm-up` is what it is told to be, and not the least. test/harness tests warm-ups and
 * turns.
 */
import { QUICK_ROUND, ROUND } from '../../dist/src/harness/plan.js';
import { WIDE_TURN } from '../../dist/src/harness/turns.js';

const warm = { windowMs: 10, learnMs: 20, leastMs: 20, mostMs: 20 };
const short = { warm, warmIo: warm, blocks: 2, blockMs: 25 };

for (const round of [ROUND, QUICK_ROUND]) Object.assign(round, short);
ROUND.countMs = 20;
Object.assign(WIDE_TURN, { ms: 50, leadMs: 10 });
if (process.argv.includes('gate')) {
  const { PAIR } = await import('../../dist/src/studies/gate/measure.js');
  Object.assign(PAIR, short);
}
