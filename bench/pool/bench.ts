/**
 * `npm run bench:pool [-- --json] [--rounds N] [--only NAME]…`: our pools beside others.
 *
 *   round: a fresh process for every contestant, each with a pool that is warmed up; then, cell by
 *          cell, turns of TURN_MS in which one works and the others are silent, in an order that
 *          is reversed each time. The ratio of two contestants in a round is the median over turns of
 *          their log ratio; rounds are what the interval is over.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type Estimate, formatNumber, formatRatio } from '../../src/text/format.js';
import { median } from '../../src/stats/quantile.js';
import { geometricInterval, ratioInterval } from '../../src/stats/interval.js';
import type { Answer, Order } from './contestant.js';
import { contestants, type JobName } from './contestants.js';

const TURN_MS = 20;
const TURNS = 10;
const WARM_MS = 300;
/** A turn should see several jobs of each lane. */
const LONG_TURN_MS = 200;
const DEADLINE_MS = 30_000;

const { values: args } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', multiple: true },
  },
});
const rounds = Number(args.rounds);
const T = availableParallelism();
const names = args.only ?? Object.keys(contestants);
const program = fileURLToPath(new URL('./contestant.js', import.meta.url));

interface Cell {
  readonly job: JobName;
  readonly inFlight: number;
}

const cells: Cell[] = (['identity', 'compute'] as const).flatMap((job) =>
  [1, T, 2 * T, 64].map((inFlight) => ({ job, inFlight })),
);

/** Of one contestant in one cell: for each round, what each turn gave. */
type Found = Answer[][];
const found = new Map<string, Found[]>(names.map((name) => [name, cells.map(() => [])]));

/** A contestant's next message; one that says nothing for so long, or ends, ends the run. */
function answerOf<T>(name: string, child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      settle();
    };
    const fail = (what: string) => () => end(() => reject(new Error(`${name} ${what}`)));
    const timer = setTimeout(fail(`did not answer within ${DEADLINE_MS} ms`), DEADLINE_MS);
    child.once('message', (answer) => end(() => resolve(answer as T)));
    child.once('exit', fail('ended before it answered'));
  });
}

function ask(name: string, child: ChildProcess, order: Order): Promise<Answer> {
  const answer = answerOf<Answer>(name, child);
  child.send(order);
  return answer;
}

async function round(): Promise<void> {
  const children = new Map<string, ChildProcess>();
  try {
    for (const name of names) {
      const child = fork(program, [name, String(T)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      children.set(name, child);
      await answerOf(name, child);
    }
    for (const [at, { job, inFlight }] of cells.entries()) {
      for (const [name, child] of children) await ask(name, child, { job, inFlight, ms: WARM_MS });
      for (const name of names) found.get(name)?.[at]?.push([]);
      const ms = job === 'compute' && inFlight > 8 ? LONG_TURN_MS : TURN_MS;
      for (let turn = 0; turn < TURNS; turn++) {
        const order = turn % 2 === 0 ? names : names.toReversed();
        for (const name of order) {
          const child = children.get(name) as ChildProcess;
          const answer = await ask(name, child, { job, inFlight, ms });
          found.get(name)?.[at]?.at(-1)?.push(answer);
        }
      }
    }
  } finally {
    for (const child of children.values()) child.kill('SIGKILL');
  }
}

/** `of` over `to`, by what `value` says of a turn. */
function ratio(of: string, to: string, cell: number, value: (answer: Answer) => number): Estimate {
  const [ofRounds, toRounds] = [found.get(of)?.[cell] ?? [], found.get(to)?.[cell] ?? []];
  return ratioInterval(
    ofRounds.map((turns, i) =>
      median(turns.map((turn, j) => Math.log(value(turn) / value(toRounds[i]?.[j] as Answer)))),
    ),
  );
}

/** A round's own figure: the median over its turns. */
function level(name: string, cell: number, value: (answer: Answer) => number): Estimate {
  const own = found.get(name)?.[cell] ?? [];
  return geometricInterval(own.map((turns) => median(turns.map(value))));
}

const perMs = (answer: Answer): number => answer.perMs;

interface Level extends Cell {
  readonly name: string;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Jobs per second over those of `piscina.run`. */
  readonly overPiscina: Estimate | null;
}

function levels(): Level[] {
  return cells.flatMap((cell, at) =>
    names.map((name) => ({
      ...cell,
      name,
      perSecond: 1000 * level(name, at, perMs).point,
      p50Us: 1000 * level(name, at, (answer) => answer.p50).point,
      p99Us: 1000 * level(name, at, (answer) => answer.p99).point,
      overPiscina: names.includes('piscina') ? ratio(name, 'piscina', at, perMs) : null,
    })),
  );
}

/** A row per pool, a column per cell. */
function printed(all: readonly Level[], show: (one: Level) => string): string {
  const short = { identity: 'id', compute: '1 ms' };
  const table = new Table({
    head: ['', ...cells.map(({ job, inFlight }) => `${short[job]} × ${inFlight}`)],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...cells.map(() => 'right' as const)],
  });
  for (const name of names) {
    table.push([name, ...all.filter((one) => one.name === name).map(show)]);
  }
  return table.toString();
}

interface Aim {
  readonly what: string;
  readonly ratio: Estimate;
  readonly aim: string;
  /** Of the whole interval, or else it is open. */
  readonly verdict: 'met' | 'missed' | 'open';
}

function aims(): Aim[] {
  const at = (job: JobName, inFlight: number): number =>
    cells.findIndex((cell) => cell.job === job && cell.inFlight === inFlight);
  const list: Aim[] = [];
  const add = (what: string, ratioOf: Estimate, aim: number, less: boolean): void => {
    const { point, low, high } = ratioOf;
    const inside = (end: number): boolean => (less ? end <= aim : end >= aim);
    const ends = [low ?? point, high ?? point].map(inside);
    const verdict = ends.every(Boolean) ? 'met' : ends.some(Boolean) ? 'open' : 'missed';
    list.push({ what, ratio: ratioOf, aim: `${less ? '≤' : '≥'} ${aim}×`, verdict });
  };
  for (const { job, inFlight } of cells) {
    const cell = at(job, inFlight);
    add(
      `time per job, batch 1 over piscina.run: ${job}, ${inFlight} in flight`,
      ratio('piscina', 'workers, batch 1', cell, perMs),
      1.05,
      true,
    );
  }
  add(
    'jobs/s, adaptive over piscina.run: identity, 64 in flight',
    ratio('workers', 'piscina', at('identity', 64), perMs),
    10,
    false,
  );
  add(
    'p99, adaptive over batch 1: identity, 1 in flight',
    ratio('workers', 'workers, batch 1', at('identity', 1), (a) => a.p99),
    1.1,
    true,
  );
  add(
    `jobs/s, workers over microtask: compute, 64 in flight, ${T} cores`,
    ratio('workers', 'microtask', at('compute', 64), perMs),
    0.85 * T,
    false,
  );
  return list;
}

for (let i = 0; i < rounds; i++) {
  process.stderr.write(`round ${i + 1} of ${rounds}\n`);
  await round();
}
const complete = Object.keys(contestants).every((name) => names.includes(name));
const judged = complete ? aims() : [];
const all = levels();
if (args.json) {
  console.log(JSON.stringify({ threads: T, rounds, cells: all, aims: judged }, null, 2));
} else {
  console.log(`${rounds} rounds; ${T} threads; a column is a job × how many are in flight\n`);
  console.log('jobs per second, over those of piscina.run');
  const overPiscina = ({ overPiscina: one }: Level): string => {
    if (one === null) return '';
    const { point, interval } = formatRatio(one);
    return `${point}\n${interval}`;
  };
  console.log(printed(all, overPiscina));
  console.log('jobs per second');
  console.log(printed(all, (one) => formatNumber(one.perSecond)));
  console.log('the latency that 99% stay below, µs');
  console.log(printed(all, (one) => formatNumber(one.p99Us)));
  const list = new Table({
    head: ['', 'measured', '95% interval', 'aim', ''],
    style: { head: [], border: [], compact: true },
  });
  for (const { what, ratio: one, aim, verdict } of judged) {
    const text = formatRatio(one);
    list.push([what, text.point, text.interval, aim, verdict]);
  }
  if (judged.length > 0) console.log(list.toString());
}
process.exit(0);
