/**
 * The bare programs of a case, in turn with the contestants of its rounds:
 *
 *   start   a program for each contestant, fresh ones in every round; some seconds of warm-up, two at the same time
 *   turn    A B D C │ B C A D │ C D B A │ …    a quarter of a second in all, between two blocks of the contestants
 *   end
 *
 * Turns of the same row are next to each other in time, and next to a block on either side. Orders are balanced (see
 * `order.ts` of the harness).
 */
import type { Beside, BesideOf } from '../../src/harness/beside.js';
import { williamsRows } from '../../src/harness/order.js';
import { median } from '../../src/stats/quantile.js';
import { mixed, seeded } from '../../src/stats/random.js';
import { pin, pinning } from '../../src/system/affinity.js';
import type { Kind, Params } from '../../src/workload/workload.js';
import { BareProgram, BareProgramError, type Starter, type Turn } from './running.js';
import { LEAD } from './work.js';

export interface BareOptions {
  readonly starters: readonly Starter[];
  readonly turnMs: number;
  /** The shortest warm-up of each program, in ms; null for the default of the kind. */
  readonly warmMs: number | null;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** What the bare programs did during one round. */
export interface BareRound {
  readonly workload: string;
  readonly params: Params;
  readonly round: number;
  readonly digest: string;
  /** The turns by contestant: one before the first block, one between every two, and one after the last. */
  readonly turns: ReadonlyMap<string, readonly Turn[]>;
}

/** The warm-up in ms. A server with its client takes longer to be compiled than a job. */
const WARM_MS: Readonly<Record<Kind, number>> = { cpu: 3000, io: 4000, mixed: 4000 };
/** A second warm-up before the first turn, in ms: the programs were idle while the contestants warmed up. */
const AGAIN_MS = 400;
/** A program that keeps more cores busy is not pinned: its main thread is only one of several. */
const WIDE_CORES = 1.3;
/** How many programs warm up at the same time. */
const AT_ONCE = 2;
/** The rise that still counts as level, and how many times the least warm-up may be spent to get there. */
const RISE = 1.02;
const MOST_WARM_UPS = 2;
/** The most by which a turn of the warm-up may grow over the one before, as a factor of its jobs. */
const GROWTH = 16;
/** The number of turns whose median rate gives the number of jobs per turn. */
const LAST = 4;
const MOST_TRIES = 5;
/** The least number of jobs of a turn: it needs something between its lead and its goal. */
const FEWEST = 2 * LEAD;

interface Running {
  readonly program: BareProgram;
  readonly turns: Turn[];
  /** The number of jobs of a turn. */
  fill: number;
}

export class BarePrograms implements Beside {
  readonly rounds: BareRound[] = [];
  private readonly options: BareOptions;
  private of: BesideOf | null = null;
  private running: Running[] = [];
  private rows: number[][] = [];
  private turned = 0;

  constructor(options: BareOptions) {
    this.options = options;
    options.signal.addEventListener('abort', () => {
      for (const { program } of this.running) program.kill();
    });
  }

  async start(of: BesideOf): Promise<void> {
    const { starters, turnMs, seed, signal } = this.options;
    const { workload, params, facts, round } = of;
    this.of = of;
    this.turned = 0;
    const random = seeded(mixed(seed, round));
    for (const starter of random.shuffle(starters)) {
      signal.throwIfAborted();
      const program = new BareProgram({ ...starter, workload: workload.name, params, facts, seed });
      this.running.push({ program, turns: [], fill: FEWEST });
      await program.ready();
    }
    this.rows = random.shuffle(williamsRows(this.running.length));
    compareDigests(this.running.map(({ program }) => program));
    const warmMs = this.options.warmMs ?? WARM_MS[workload.kind];
    for (let at = 0; at < this.running.length; at += AT_ONCE) {
      const some = this.running.slice(at, at + AT_ONCE);
      await Promise.all(some.map((each) => warmUp(each, warmMs, turnMs)));
    }
  }

  async turn(): Promise<void> {
    const again = Math.min(AGAIN_MS, this.options.warmMs ?? AGAIN_MS);
    if (this.turned === 0) {
      for (const each of this.running) {
        const cores = await warmUp(each, again, this.options.turnMs);
        // Only now, as in the harness: threads that are started later would be pinned with the main thread.
        if (cores < WIDE_CORES) await pin(each.program.pid, pinning()?.contestants);
      }
    }
    for (const at of this.rows[this.turned++ % this.rows.length] as number[]) {
      const { program, turns, fill } = this.running[at] as Running;
      turns.push(await timedTurn(program, fill));
    }
  }

  async end(): Promise<void> {
    const [first] = this.running;
    if (this.of !== null && first !== undefined) {
      const { workload, params, round } = this.of;
      const turns = new Map(this.running.map(({ program, turns: own }) => [program.name, own]));
      const { digest } = first.program;
      this.rounds.push({ workload: workload.name, params, round, digest, turns });
    }
    await Promise.all(this.running.map(({ program }) => program.end()));
    this.running = [];
    this.of = null;
  }
}

/**
 * A turn whose messages arrived all at once has no time: the driver had to wait for a core. Such a turn is repeated.
 */
async function timedTurn(program: BareProgram, jobs: number): Promise<Turn> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const turn = await program.turn(jobs);
    if (turn.timedMs > 0 && turn.timedJobs > 0) return turn;
  }
  throw new BareProgramError(
    `no turn of the bare program of ${program.name} could be timed: the machine is too busy for that`,
  );
}

/** Finds how many jobs fill a turn, and how many cores they keep busy. */
async function warmUp(running: Running, warmMs: number, turnMs: number): Promise<number> {
  const began = performance.now();
  const rates: number[] = [];
  const cores: number[] = [];
  for (let jobs = running.fill; ;) {
    const turn = await running.program.turn(jobs);
    rates.push(turn.jobs / turn.ms);
    cores.push(turn.cpuUs / 1000 / turn.ms);
    running.fill = Math.max(FEWEST, Math.ceil(median(rates.slice(-LAST)) * turnMs));
    const spent = performance.now() - began;
    if (spent >= warmMs && (isLevel(rates) || spent >= MOST_WARM_UPS * warmMs)) {
      return median(cores.slice(-LAST));
    }
    jobs = Math.min(GROWTH * jobs, running.fill);
  }
}

/** Whether the best rate of the later half is hardly better than that of the earlier half. */
function isLevel(rates: readonly number[]): boolean {
  const half = Math.floor(rates.length / 2);
  return Math.max(...rates.slice(half)) <= RISE * Math.max(...rates.slice(0, half));
}

function compareDigests(programs: readonly BareProgram[]): void {
  const [first] = programs;
  const other = programs.find(({ digest }) => digest !== first?.digest);
  if (first === undefined || other === undefined) return;
  throw new BareProgramError(
    `the bare program of ${other.name} did other work than that of ${first.name}: digests ${other.digest} and ${first.digest}`,
  );
}
