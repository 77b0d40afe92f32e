/**
 * One fresh process of `npm run bench:micro`: measures one row once and prints its ratio as JSON. Only one row, since a
 * process in which several policies have run has slower call sites than any program with one policy.
 *
 *   warm up, then  A B  B A  A B  …   short slices, each timed by tinybench; the ratio of a pair of
 *                                      slices is one value, their median is this process's answer
 */
import { Bench } from 'tinybench';
import { median } from '../../src/stats/quantile.js';
import { bytesPerTask, rows, type Row } from './rows.js';

const WARM_MS = 200;
const SLICE_MS = 12;
const PAIRS = 14;

async function slice(fn: () => unknown, ms: number): Promise<number> {
  const bench = new Bench({ time: ms, iterations: 1, warmup: false, throws: true });
  bench.add('slice', fn, { async: true });
  await bench.run();
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`tinybench ended as ${result?.state}`);
  return result.latency.p50;
}

async function ratioOf(row: Row): Promise<{ ratio: number; oursNs: number; theirsNs: number }> {
  const { ours, theirs, ops } = await row.open();
  await slice(ours, WARM_MS);
  await slice(theirs, WARM_MS);
  const [us, them, ratios]: number[][] = [[], [], []];
  for (let pair = 0; pair < PAIRS; pair++) {
    const flipped = pair % 2 === 1;
    const first = await slice(flipped ? theirs : ours, SLICE_MS);
    const second = await slice(flipped ? ours : theirs, SLICE_MS);
    const [a, b] = flipped ? [second, first] : [first, second];
    us?.push(a);
    them?.push(b);
    ratios?.push(a / b);
  }
  const ns = (values: number[] = []): number => (median(values) * 1e6) / ops;
  return { ratio: median(ratios ?? []), oursNs: ns(us), theirsNs: ns(them) };
}

const [, , what = ''] = process.argv;
const row = rows[Number(what)];
if (what !== 'memory' && row === undefined) throw new Error(`no row ${what}`);
console.log(JSON.stringify(row === undefined ? await bytesPerTask() : await ratioOf(row)));
process.exit(0);
