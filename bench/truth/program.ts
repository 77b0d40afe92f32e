/**
 * A bare program: `program.js POLICY WORKLOAD PARAMS FACTS SEED`, with PARAMS and FACTS as JSON. It does the work of
 * one case on one policy as a user would write it by hand. No module of the harness is in its process.
 *
 *   driver                       program
 *                 ◀── digest ──  the loop is open, and every input was done once
 *   ── "1000\n" ──────────────▶  does 1,000 jobs
 *                 ◀──  "200" ──  a fifth of them is done: from here on the driver takes the time
 *                 ◀── "1000" ──  all are done: the time ends
 *                 ◀── "1003" ──  those that were under way are done, too
 *
 * A turn is a number of jobs and not a time, so the program never reads a clock. It cannot be stopped from outside
 * either: under `microtask`, jobs that never wait leave Node no turn in which it could read a message.
 */
import { writeSync } from 'node:fs';
import { loadPolicy } from '../../src/policies/registry.js';
import type { Facts, Params } from '../../src/workload/workload.js';
import { startWork } from './works.js';

/** Written at once and without `process.stdout`: a write of a few bytes to a pipe does not block. */
function say(text: string | number): void {
  writeSync(1, `${text}\n`);
}

const [, , name = '', workload = '', params = '{}', facts = '{}', seed = '1'] = process.argv;
const policy = await loadPolicy(name);
if (policy === undefined) throw new Error(`there is no policy '${name}'`);
const loop = await policy.open();
const work = await startWork(loop, workload, {
  params: JSON.parse(params) as Params,
  facts: JSON.parse(facts) as Facts,
  seed: Number(seed),
});
say(work.digest);
for await (const jobs of process.stdin) await loop.run(() => work.turn(Number(jobs), say));
process.exit(); // the driver has closed standard input, or has ended
