/**
 * `npm run bench:nats [-- --json]`: what a job costs by way of NATS, and what is lost when things die.
 *
 *   rate      identity jobs, 64 in flight: batched, one message for each job, and BullMQ on Redis; in turns, ABC CBA
 *   killing   20,000 jobs while an agent is killed every 200 ms and the server three times
 *   failover  from the death of an agent to its job running elsewhere
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { ledgerLine, type Ledger } from '../../src/policies/nats/ledger.js';
import { quantile } from '../../src/stats/quantile.js';
import * as jobs from './jobs.js';
import { Rig } from './rig.js';
import { AGENTS, bullMqSide, natsSide, type Side } from './sides.js';

const IN_FLIGHT = 64;
const TURN_MS = 1500;
const ROUNDS = 8;
const WARM_MS = 3000;
const MANY = 20_000;
const KILL_MS = 200;
const RESTARTS = 3;
const FAILOVERS = 7;
/** Agents that live at the same time while one is killed every KILL_MS: a new one takes some time to start. */
const TO_KILL = 6;

const { values: args } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: 'rate,killing,failover' },
  },
});

/** Jobs per second over `ms`, with so many in flight. */
async function rateOf(side: Side, ms: number): Promise<number> {
  let done = 0;
  const began = performance.now();
  const lane = async (): Promise<void> => {
    while (performance.now() - began < ms) {
      const input = done;
      if ((await side.one(input)) !== input) throw new Error(`${side.name} gave a wrong result`);
      done++;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return (done / (performance.now() - began)) * 1000;
}

interface Rate {
  readonly name: string;
  readonly jobsPerSecond: number;
  /** The first side's rate over this one's, of each round: median, least and most. */
  readonly ratio: readonly [median: number, least: number, most: number];
}

async function rates(): Promise<Rate[]> {
  const sides = [
    await natsSide('nats, batched', {}),
    await natsSide('nats, a message for each job', { batch: 1 }),
    await bullMqSide(),
  ].filter((side) => side !== null);
  for (const side of sides) await rateOf(side, WARM_MS);
  const found = sides.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    const order = sides.map((_, at) => at);
    if (round % 2 === 1) order.reverse();
    for (const at of order) found[at]?.push(await rateOf(sides[at] as Side, TURN_MS));
  }
  for (const side of sides) await side.close();
  const [first = []] = found;
  return sides.map(({ name }, at) => {
    const own = (found[at] ?? []).toSorted((a, b) => a - b);
    const ratios = (found[at] ?? []).map((rate, round) => (first[round] ?? 0) / rate);
    ratios.sort((a, b) => a - b);
    return {
      name,
      jobsPerSecond: quantile(own, 0.5),
      ratio: [quantile(ratios, 0.5), ratios[0] ?? 0, ratios.at(-1) ?? 0],
    };
  });
}

interface Killing {
  readonly jobs: number;
  readonly seconds: number;
  readonly agentsKilled: number;
  readonly restarts: number;
  readonly wrong: number;
  readonly failed: number;
  readonly ledger: Ledger;
}

async function killing(): Promise<Killing> {
  await using rig = await Rig.open();
  await using loop = await rig.submitter();
  for (let i = 0; i < TO_KILL; i++) await rig.leanAgent();
  const began = performance.now();
  let [agentsKilled, restarts, settled, over] = [0, 0, 0, false];
  const kill = setInterval(() => {
    const victim = [...rig.agents].find(({ isReady }) => isReady);
    if (victim === undefined) return;
    rig.agents.delete(victim);
    victim.signal('SIGKILL');
    agentsKilled++;
    void rig.leanAgent().catch(() => {});
  }, KILL_MS);
  const restarting = (async () => {
    while (restarts < RESTARTS && !over) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (settled < ((restarts + 1) * MANY) / (RESTARTS + 1)) continue;
      await rig.restartServer();
      restarts++;
    }
  })();
  const outcomes = await loop.run(async () => {
    const all: Promise<'right' | 'wrong' | 'failed'>[] = [];
    for (let n = 0; n < MANY; n++) {
      // Spread over the time that the deaths take: all at once would be over before most of them.
      if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      const task = loop.submit(jobs.identity, n);
      all.push(
        (async () => {
          try {
            return (await task) === n ? 'right' : 'wrong';
          } catch {
            return 'failed';
          } finally {
            settled++;
          }
        })(),
      );
    }
    return Promise.all(all);
  });
  over = true;
  clearInterval(kill);
  await restarting;
  return {
    jobs: MANY,
    seconds: (performance.now() - began) / 1000,
    agentsKilled,
    restarts,
    wrong: outcomes.filter((one) => one === 'wrong').length,
    failed: outcomes.filter((one) => one === 'failed').length,
    ledger: { ...loop.ledger },
  };
}

/** Ms from a kill to the moment at which its job begins elsewhere. */
async function failovers(): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loopdyno-failover-'));
  await using rig = await Rig.open();
  await using loop = await rig.submitter();
  for (let i = 0; i < AGENTS; i++) await rig.agent();
  const times: number[] = [];
  for (let i = 0; i < FAILOVERS; i++) {
    const file = join(folder, String(i));
    await loop.run(async () => {
      const task = loop.submit(jobs.marked, { file, ms: 400, value: i });
      const [, pid] = (await marksOf(file, 1))[0] as number[];
      const killed = Date.now();
      process.kill(pid as number, 'SIGKILL');
      const [, , at] = (await marksOf(file, 2))[1] as number[];
      times.push((at as number) - killed);
      await task;
    });
    await rig.agent();
  }
  await rm(folder, { recursive: true, force: true });
  return times.toSorted((a, b) => a - b);
}

async function marksOf(file: string, count: number): Promise<number[][]> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line !== '');
    if (lines.length >= count) return lines.map((line) => line.split(' ').map(Number));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Measures a part if it is asked for, and prints it at once. */
async function part<T>(
  name: string,
  measure: () => Promise<T>,
  print: (found: T) => string,
): Promise<T | null> {
  if (!args.only.split(',').includes(name)) return null;
  const found = await measure();
  if (!args.json) process.stdout.write(print(found));
  return found;
}

function ratesText(all: readonly Rate[]): string {
  const head = ['identity, 64 in flight', 'jobs/s', 'batched is', 'least–most of the rounds'];
  const table = new Table({ head, style: { head: [], border: [] } });
  for (const { name, jobsPerSecond, ratio } of all) {
    const [median, least, most] = ratio.map((each) => `${each.toFixed(2)}×`);
    table.push([name, Math.round(jobsPerSecond), median, `${least}–${most}`]);
  }
  return `${table.toString()}\n`;
}

function killingText(found: Killing): string {
  return (
    `${found.jobs} jobs in ${found.seconds.toFixed(1)} s, ${found.agentsKilled} agents killed, ` +
    `${found.restarts} restarts of the server: ${found.wrong} wrong, ${found.failed} failed\n` +
    `  ${ledgerLine(found.ledger)}\n`
  );
}

function failoverText(ms: readonly number[]): string {
  return (
    `from the death of an agent to its job running elsewhere: median ${quantile(ms, 0.5)} ms, ` +
    `most ${ms.at(-1)} ms of ${ms.length}\n`
  );
}

const found = {
  cores: availableParallelism(),
  node: process.versions.node,
  agents: AGENTS,
  inFlight: IN_FLIGHT,
  rates: await part('rate', rates, ratesText),
  killing: await part('killing', killing, killingText),
  failoverMs: await part('failover', failovers, failoverText),
};
if (args.json) process.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
