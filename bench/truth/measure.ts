/**
 * One case, measured with bare programs, as often as there are repetitions:
 *
 *   start     fixture, then a program for each policy            fresh processes each time
 *   warm up   A A A A … B B B B … C C C C … D D D D …            some seconds each, until the rate levels off
 *   turns     A B D C │ B C A D │ C D B A │ D A C B │ …          0.25 s each, the others silent
 *
 * Turns of the same row are next to each other in time, so a drift of the machine cancels in their ratio. Orders are
 * balanced (see `order.ts` of the harness).
 */
import { childrenUntil } from '../../src/harness/children.js';
import { openFixture, type OpenedFixture } from '../../src/harness/fixture.js';
import { williamsRows } from '../../src/harness/order.js';
import { median } from '../../src/stats/quantile.js';
import { seeded } from '../../src/stats/random.js';
import { pin, pinning } from '../../src/system/affinity.js';
import type { Params, Workload } from '../../src/workload/workload.js';
import { BareProgram, BareProgramError, type Turn } from './running.js';
import { LEAD } from './work.js';

export interface TruthCase {
  readonly workload: Workload;
  readonly params: Params;
  readonly policies: readonly string[];
  /** That of the run, which the bare programs' has to be; null where theirs is of something else. */
  readonly digest: string | null;
}

export interface Effort {
  readonly repetitions: number;
  readonly turns: number;
  readonly turnMs: number;
  /** Of each program, at least. */
  readonly warmMs: number;
}

/** The fixture's. */
const LIMITS = { openMs: 30_000, workMs: 10_000, memoryBytes: Infinity };

/** By policy, its turns in the order in which the rows came. */
export type Repetition = ReadonlyMap<string, readonly Turn[]>;

/** What still counts as level, and how often the least warm-up it may take to get there. */
const RISE = 1.02;
const MOST_WARM_UPS = 2;
/** A turn of the warm-up has at most so many times the jobs of the one before. */
const GROWTH = 16;
/** Turns whose median rate says how many jobs fill one. */
const LAST = 4;
const MOST_TRIES = 5;
/** Jobs of a turn, at least: there has to be something between its lead and its goal. */
const FEWEST = 2 * LEAD;

export async function repetition(
  { workload, params, policies, digest }: TruthCase,
  { turns, turnMs, warmMs }: Effort,
  seed: number,
  round: number,
  signal: AbortSignal,
): Promise<Repetition> {
  const { children, end } = childrenUntil(signal);
  const programs: BareProgram[] = [];
  const endPrograms = (): void => {
    for (const program of programs) program.kill();
  };
  signal.addEventListener('abort', endPrograms);
  let fixture: OpenedFixture | null = null;
  try {
    fixture = await openFixture({ plan: { seed, limits: LIMITS }, children }, workload, params);
    const { facts } = fixture;
    const random = seeded(seed + round);
    for (const policy of random.shuffle(policies)) {
      signal.throwIfAborted();
      const program = new BareProgram({ policy, workload: workload.name, params, facts, seed });
      programs.push(program);
      await program.ready();
    }
    compareDigests(programs, digest);
    const fills: number[] = [];
    for (const program of programs) {
      fills.push(await warmUp(program, warmMs, turnMs));
      // Only now, as the harness does it: threads that are started later would be pinned with the main thread.
      await pin(program.pid, pinning()?.contestants);
    }
    const measured = programs.map((): Turn[] => []);
    const rows = random.shuffle(williamsRows(programs.length));
    for (let turn = 0; turn < turns; turn++) {
      for (const at of rows[turn % rows.length] as number[]) {
        measured[at]?.push(await timedTurn(programs[at] as BareProgram, fills[at] as number));
      }
    }
    return new Map(programs.map(({ policy }, at) => [policy, measured[at] as Turn[]]));
  } finally {
    for (const program of programs) await program.end();
    await fixture?.close();
    await end();
    signal.removeEventListener('abort', endPrograms);
  }
}

/** A turn whose words came all at once has no time: the driver had to wait for a core. It is done again. */
async function timedTurn(program: BareProgram, jobs: number): Promise<Turn> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const turn = await program.turn(jobs);
    if (turn.timedMs > 0 && turn.timedJobs > 0) return turn;
  }
  throw new BareProgramError(
    `no turn of ${program.policy} could be timed: the machine is too busy for that`,
  );
}

/** How many jobs fill a turn, when the program is warm. */
async function warmUp(program: BareProgram, warmMs: number, turnMs: number): Promise<number> {
  const began = performance.now();
  const rates: number[] = [];
  for (let jobs = FEWEST; ;) {
    const turn = await program.turn(jobs);
    rates.push(turn.jobs / turn.ms);
    const fill = Math.max(FEWEST, Math.ceil(median(rates.slice(-LAST)) * turnMs));
    const spent = performance.now() - began;
    if (spent >= warmMs && (isLevel(rates) || spent >= MOST_WARM_UPS * warmMs)) return fill;
    jobs = Math.min(GROWTH * jobs, fill);
  }
}

/** The best of the later half is hardly better than the best of the earlier one. */
function isLevel(rates: readonly number[]): boolean {
  const half = Math.floor(rates.length / 2);
  return Math.max(...rates.slice(half)) <= RISE * Math.max(...rates.slice(0, half));
}

function compareDigests(programs: readonly BareProgram[], ofRun: string | null): void {
  const wanted = ofRun ?? programs[0]?.digest;
  const other = programs.find(({ digest }) => digest !== wanted);
  if (other === undefined) return;
  const whose = ofRun === null ? `that of ${programs[0]?.policy}` : 'the run';
  throw new BareProgramError(
    `the bare program of ${other.policy} did other work than ${whose}: digests ${other.digest} and ${wanted}`,
  );
}
