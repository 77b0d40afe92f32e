/**
 * `npm run bench:pool-pairs`: `workers` against another pool in one process, in turn, for a first answer in a minute.
 * The standard run of `bench:pool` is the proof; this is the tool to work with.
 *
 *   --against NAME   a pool of pools.ts, or `batch-1`, or `one-thread` (piscina), or `two-threads` (ours)
 *   --ms LIST        how long a job computes (0,0.01,0.1,0.45,1,2,10); 0 is a job that does nothing; `mix` is nine
 *                    jobs of 0.01 ms and one of 1 ms
 *   --in-flight LIST jobs in flight (1,2,8,64)
 *   --pairs N        slices of each side and case (10)
 *   --slice MS       how long a slice is (60)
 *   --threads N      threads of each pool (one for each core)
 *   --p99            compares the 99th percentile of a job's latency, too
 *   --json           the same as JSON, with µs per job and 95% intervals
 *
 * A slice keeps jobs in flight and counts those that are done between two of its completions, so that neither the start
 * nor the end of it counts. Sides change places with each pair: ABBA. A ratio above 1 means that `workers` is faster.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { workers, type PoolLoop } from '../../src/index.js';
import type { Estimate } from '../../src/documents/results.js';
import { plainTable } from '../../src/report/table.js';
import { hodgesLehmann } from '../../src/stats/hodges-lehmann.js';
import { median, quantile } from '../../src/stats/quantile.js';
import { formatNumber, formatRatio } from '../../src/text/format.js';
import * as jobs from './jobs.js';
import { pools, type OtherPool, type Run } from './pools.js';
import { compute, identity } from './portable.js';

const { values: args } = parseArgs({
  options: {
    against: { type: 'string', default: 'piscina' },
    ms: { type: 'string', default: '0,0.01,0.1,0.45,1,2,10' },
    'in-flight': { type: 'string', default: '1,2,8,64' },
    pairs: { type: 'string', default: '10' },
    slice: { type: 'string', default: '60' },
    threads: { type: 'string', default: String(availableParallelism()) },
    p99: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const list = (text: string): string[] => text.split(',');
const pairs = Number(args.pairs);
const sliceMs = Number(args.slice);
const threads = Number(args.threads);

/** What a case gives to a pool: the jobs in turn. */
interface Work {
  readonly job: 'identity' | 'compute';
  readonly inputs: readonly unknown[];
  readonly inFlight: number;
}

interface Counted {
  readonly perMs: number;
  readonly p99: number;
}

type Side = (work: Work, ms: number) => Promise<Counted>;

/** Counts completions, from one to another. */
class Count {
  open = true;
  private began = 0;
  private before: number;
  private done = 0;
  private counted: Counted | null = null;
  private readonly latencies: number[] = [];
  private readonly ms: number;

  constructor(ms: number, inFlight: number) {
    this.ms = ms;
    this.before = 2 * inFlight; // the start does not count
  }

  /** A job that began then is done. Returns the time. */
  completed(began: number): number {
    const now = performance.now();
    if (this.before > 0) {
      if (--this.before === 0) this.began = now;
      return now;
    }
    this.done++;
    if (args.p99) this.latencies.push(now - began);
    if (now - this.began >= this.ms && this.counted === null) {
      this.open = false;
      const p99 = args.p99 ? quantile(this.latencies, 0.99) : 0;
      this.counted = { perMs: this.done / (now - this.began), p99 };
    }
    return now;
  }

  get result(): Counted {
    return this.counted as Counted;
  }
}

/** In the way in which such a pool is meant to be used: async functions over its promises. */
function promises(run: Run): Side {
  return async ({ job, inputs, inFlight }, ms) => {
    const count = new Count(ms, inFlight);
    let next = 0;
    const lane = async (): Promise<void> => {
      let began = performance.now();
      while (count.open) {
        await run(job, inputs[next++ % inputs.length]);
        began = count.completed(began);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    return count.result;
  };
}

const submitted = { identity, compute };

/** The same with generators on a loop of ours. */
function coroutines(loop: PoolLoop): Side {
  return async ({ job, inputs, inFlight }, ms) => {
    const count = new Count(ms, inFlight);
    let next = 0;
    const lane = function* () {
      let began = performance.now();
      while (count.open) {
        yield* loop.submit(submitted[job], inputs[next++ % inputs.length] as never);
        began = count.completed(began);
      }
    };
    await loop.run(function* () {
      for (const task of Array.from({ length: inFlight }, () => loop.spawn(lane))) yield* task;
    });
    return count.result;
  };
}

async function openSide(name: string): Promise<Side> {
  if (name === 'workers') return coroutines(await workers.open({ threads }));
  if (name === 'batch-1') return coroutines(await workers.open({ threads, batch: 1 }));
  if (name === 'two-threads') return coroutines(await workers.open({ threads: 2 }));
  if (name === 'one-thread') return promises((await (pools['piscina'] as Open)(1)).run);
  const open = pools[name];
  if (open === undefined) throw new Error(`there is no pool ${name}`);
  return promises((await open(threads)).run);
}
type Open = (threads: number) => Promise<OtherPool>;

/** Steps of `compute` in a ms: the best of some tries, when the machine did not interrupt. */
function stepsPerMs(): number {
  const STEPS = 2_000_000;
  let best = Infinity;
  for (let i = 0; i < 20; i++) {
    const began = performance.now();
    jobs.compute(STEPS + i);
    best = Math.min(best, performance.now() - began);
  }
  return STEPS / best;
}

function workOf(ms: string, inFlight: number, perMs: number): Work {
  if (ms === '0') return { job: 'identity', inputs: ['a', 'b', 'c'], inFlight };
  const lengths = ms === 'mix' ? [0.01, 0.01, 0.01, 0.01, 1, 0.01, 0.01, 0.01, 0.01, 0.01] : [ms];
  const inputs = lengths.map((length) => Math.round(Number(length) * perMs));
  return { job: 'compute', inputs, inFlight };
}

const ours = await openSide('workers');
const theirs = await openSide(args.against);
const perMs = stepsPerMs();
const rows: Row[] = [];
for (const ms of list(args.ms)) {
  for (const inFlight of list(args['in-flight']).map(Number)) {
    const work = workOf(ms, inFlight, perMs);
    const slice = Math.max(sliceMs, 10 * Number(ms === 'mix' ? 1 : ms));
    const found: [Counted, Counted][] = [];
    await ours(work, slice);
    await theirs(work, slice);
    for (let pair = 0; pair < pairs; pair++) {
      if (pair % 2 === 0) {
        const own = await ours(work, slice);
        found.push([own, await theirs(work, slice)]);
      } else {
        const other = await theirs(work, slice);
        found.push([await ours(work, slice), other]);
      }
    }
    rows.push(row(ms, inFlight, found));
  }
}

interface Row {
  readonly ms: string;
  readonly inFlight: number;
  readonly workersUs: number;
  readonly theirsUs: number;
  /** Jobs per time of `workers` over those of the other. */
  readonly rate: Estimate;
  /** The other's 99th percentile over that of `workers`; null if it was not asked for. */
  readonly p99: Estimate | null;
}

function ratioOf(values: readonly number[]): Estimate {
  const { point, low, high } = hodgesLehmann(values.map(Math.log));
  const up = (value: number | null): number | null => (value === null ? null : Math.exp(value));
  return { point: Math.exp(point), low: up(low), high: up(high) };
}

function row(ms: string, inFlight: number, found: readonly [Counted, Counted][]): Row {
  const us = (side: 0 | 1): number => 1000 / median(found.map((both) => both[side].perMs));
  return {
    ms,
    inFlight,
    workersUs: us(0),
    theirsUs: us(1),
    rate: ratioOf(found.map(([own, other]) => own.perMs / other.perMs)),
    p99: args.p99 ? ratioOf(found.map(([own, other]) => other.p99 / own.p99)) : null,
  };
}

function textOf(ratio: Estimate): string {
  const { point, interval } = formatRatio(ratio);
  return `${point} ${interval}`;
}

const heads = [
  'ms',
  'in flight',
  'workers, µs a job',
  `${args.against}, µs a job`,
  'rate, 95% interval',
];
const table = rows.map(({ ms, inFlight, workersUs, theirsUs, rate, p99 }) => [
  ms,
  String(inFlight),
  formatNumber(workersUs),
  formatNumber(theirsUs),
  textOf(rate),
  ...(p99 === null ? [] : [textOf(p99)]),
]);
console.log(
  args.json
    ? JSON.stringify({ against: args.against, threads, pairs, rows }, null, 1)
    : plainTable(heads.concat(args.p99 ? ['p99, 95% interval'] : []), table),
);
process.exit(0);
