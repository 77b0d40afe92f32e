/**
 * `npm run bench:uv [-- --json] [-- --rounds N] [-- --only TEXT]`: uv beside node:net, bare libuv in
 * C, uvloop and queue. As in the main bench, a round is fresh processes that work in turns, one at a
 * time; a round gives one observation, the median over its turns; intervals are over rounds.
 *
 *   round   start all, warm up ─▶ A B C D E │ E D C B A │ B C D E A │ …     each about 20 ms
 *
 * CPU is the kernel's account of the server process with all its threads, so neither the client nor
 * a busy neighbour is in it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type Estimate, formatInterval, formatNumber } from '../../src/text/format.js';
import { median } from '../../src/stats/quantile.js';
import { geometricInterval, ratioInterval } from '../../src/stats/interval.js';
import { cases, type Aim, type Case, type Contestant } from './cases.js';
import { Peers, type Running } from './contestants.js';

const SLICE_MS = 20;
const WARM_MS = { least: 2500, most: 6000 };
/** Slices of which the median is compared with that of as many before. */
const WINDOW = 20;
const TURNS = 12;

/** Per operation, in µs. */
interface Cost {
  cpu: number;
  time: number;
}

type Round = Map<Contestant, Cost[]>;

interface Found {
  case: string;
  by: Case['by'];
  contestants: { name: Contestant; cpuUs: Estimate; perSecond: Estimate }[];
  ratios: (Aim & { ratio: Estimate; met: boolean })[];
}

async function slice(one: Running, count: number): Promise<Cost> {
  const cpu = one.cpuUs();
  const from = performance.now();
  const done = await one.work(count);
  const time = (performance.now() - from) * 1000;
  return { cpu: (one.cpuUs() - cpu) / done, time: time / done };
}

/**
 * Until it gets no cheaper: V8 needs some 50,000 echoes (18 µs of CPU each at first, 11 in
 * the end), and on a busy machine its compiler's threads wait for a core. Returns how many
 * operations make a slice.
 */
async function warmUp(one: Running): Promise<number> {
  const until = performance.now() + WARM_MS.most;
  let count = 10;
  let best = Infinity;
  const seen: number[] = [];
  for (;;) {
    const { time, cpu } = await slice(one, count);
    seen.push(cpu);
    best = Math.min(best, time);
    count = Math.max(1, Math.round((SLICE_MS * 1000) / best));
    const left = until - performance.now();
    if (left < 0) return count;
    if (left > WARM_MS.most - WARM_MS.least || seen.length < 2 * WINDOW) continue;
    const before = median(seen.slice(-2 * WINDOW, -WINDOW));
    if (median(seen.slice(-WINDOW)) > before * 0.97) return count;
  }
}

async function round(peers: Peers, one: Case, path: string): Promise<Round> {
  const names = one.contestants.filter((name) => peers.has(name));
  const running: Running[] = [];
  const costs: Round = new Map(names.map((name) => [name, []]));
  try {
    for (const name of names) running.push(await peers.start(name, one, path));
    const counts = new Map<Running, number>();
    for (const each of running) counts.set(each, await warmUp(each));
    for (let turn = 0; turn < TURNS; turn++) {
      const shift = (turn >> 1) % running.length;
      const order = [...running.slice(shift), ...running.slice(0, shift)];
      if (turn % 2 === 1) order.reverse();
      for (const each of order) {
        costs.get(each.name)?.push(await slice(each, counts.get(each) as number));
      }
    }
  } finally {
    for (const each of running) each.stop();
  }
  return costs;
}

function analyse(one: Case, rounds: readonly Round[]): Found {
  const names = one.contestants.filter((name) => rounds[0]?.has(name));
  const of = (each: Round, name: Contestant): Cost[] => each.get(name) ?? [];
  return {
    case: one.name,
    by: one.by,
    contestants: names.map((name) => {
      const perRound = (pick: (cost: Cost) => number): number[] =>
        rounds.map((each) => median(of(each, name).map(pick)));
      return {
        name,
        cpuUs: geometricInterval(perRound(({ cpu }) => cpu)),
        perSecond: geometricInterval(perRound(({ time }) => 1e6 / time)),
      };
    }),
    ratios: one.aims
      .filter(({ over, under }) => names.includes(over) && names.includes(under))
      .map((aim) => {
        const logs = rounds.map((each) => {
          const below = of(each, aim.under);
          const turns = of(each, aim.over).map((cost, turn) =>
            Math.log(cost[one.by] / (below[turn] as Cost)[one.by]),
          );
          return median(turns);
        });
        const ratio = ratioInterval(logs);
        const { least = 0, most = Infinity } = aim;
        return { ...aim, ratio, met: ratio.point >= least && ratio.point <= most };
      }),
  };
}

function render(found: readonly Found[]): string {
  const style = { head: [], border: [] };
  const costs = new Table({ head: ['what', 'who', 'CPU µs each', '95%', 'per second'], style });
  const ratios = new Table({ head: ['what', 'by', 'ratio', '', '95%', 'aim', ''], style });
  for (const one of found) {
    for (const { name, cpuUs, perSecond } of one.contestants) {
      const { point } = cpuUs;
      costs.push([
        one.case,
        name,
        formatNumber(point),
        formatInterval(cpuUs),
        formatNumber(perSecond.point),
      ]);
    }
    for (const { over, under, least, most, ratio, met } of one.ratios) {
      const aim = least === undefined ? `≤ ${most}×` : `≥ ${least}×`;
      const point = `${formatNumber(ratio.point)}×`;
      ratios.push([
        one.case,
        one.by,
        `${over} / ${under}`,
        point,
        formatInterval(ratio),
        aim,
        met ? 'met' : 'missed',
      ]);
    }
  }
  return `${costs.toString()}\n${ratios.toString()}`;
}

function refuse(why: string): never {
  console.error(why);
  process.exit(2);
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', default: '' },
  },
});
const wanted = Number(values.rounds);
const chosen = cases.filter(({ name }) => name.includes(values.only));
if (!Number.isInteger(wanted) || wanted < 1) {
  refuse(`--rounds takes a whole number from 1, but got '${values.rounds}'`);
}
if (chosen.length === 0) {
  const names = cases.map(({ name }) => name).join(', ');
  refuse(`--only takes a part of a case's name, but got '${values.only}': there are ${names}`);
}
if (process.platform !== 'linux') refuse('bench:uv runs on Linux: it reads CPU time from /proc');

const peers = new Peers();
const folder = await mkdtemp(join(tmpdir(), 'loopdyno-bench-uv-'));
try {
  await peers.prepare();
  const rounds = new Map<Case, Round[]>(chosen.map((one) => [one, []]));
  const path = join(folder, 'file');
  // Round by round, so that a slow spell of the machine touches every case a little.
  for (let i = 0; i < wanted; i++) {
    for (const one of chosen) {
      process.stderr.write(`\rround ${i + 1} of ${wanted}: ${one.name.padEnd(16)}`);
      if (one.kind === 'read') await writeFile(path, Buffer.alloc(one.size, 'loopdyno'));
      rounds.get(one)?.push(await round(peers, one, path));
    }
  }
  process.stderr.write('\n');
  const found = chosen.map((one) => analyse(one, rounds.get(one) ?? []));
  if (values.json) console.log(JSON.stringify({ rounds: wanted, cases: found }, null, 2));
  else console.log(render(found));
} finally {
  peers.close();
  await rm(folder, { recursive: true });
}
